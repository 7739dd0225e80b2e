package paper

// Bold returns the face of headings (黑体) as a TrueType font, for those who write on pictures.
func Bold() []byte { return hei().data }
