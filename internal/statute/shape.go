package statute

// shape is the build of an instrument's articles: for each paragraph (款) the number of its items
// (项), 0 where it has none.
type shape map[int][]int

// shapes hold the articles that letters may cite. Of the regulation they are complete, counted in
// its text; of the others, the articles the product cites.
var shapes = map[*Instrument]shape{
	OGI2019: {
		1: {0}, 2: {0}, 3: {0, 0, 0, 0}, 4: {0, 5}, 5: {0}, 6: {0, 0}, 7: {0}, 8: {0}, 9: {0},
		10: {0, 0, 0}, 11: {0, 0}, 12: {0, 0, 0}, 13: {0, 0}, 14: {0}, 15: {0}, 16: {0, 0}, 17: {0, 0, 0}, 18: {0}, 19: {0},
		20: {15}, 21: {0}, 22: {0}, 23: {0}, 24: {0}, 25: {0, 0, 0}, 26: {0}, 27: {0}, 28: {0}, 29: {0, 3},
		30: {0}, 31: {3}, 32: {0}, 33: {0, 0, 0}, 34: {0}, 35: {0}, 36: {7}, 37: {0}, 38: {0}, 39: {0, 0},
		40: {0}, 41: {0}, 42: {0, 0}, 43: {0}, 44: {0, 0}, 45: {0}, 46: {0}, 47: {0, 0}, 48: {0}, 49: {0, 0},
		50: {5, 0}, 51: {0}, 52: {0}, 53: {3}, 54: {0}, 55: {0, 0}, 56: {0},
	},
	Reconsideration2023: {10: {0}, 11: {15}, 20: {0, 0, 0}, 22: {0, 0, 0, 0}, 23: {5, 0}, 34: {0}},
	Reconsideration2017: {9: {0, 0}},
	Litigation2017:      {44: {0, 0}, 45: {0}, 46: {0, 0}},
	ProcessingFee:       {3: {0}},
}

// Stands reports whether the article, paragraph and item exist, cited as statutes are: no paragraph
// where an article has one, no item without the paragraph it stands in where there are several.
// Of an article whose build is not known, known is false.
func (r Ref) Stands() (ok, known bool) {
	paragraphs := shapes[r.Instrument][r.Article]
	if len(paragraphs) == 0 {
		return false, r.Instrument == OGI2019
	}
	if len(paragraphs) == 1 {
		return r.Paragraph == 0 && r.Item <= paragraphs[0], true
	}
	if r.Paragraph == 0 {
		return r.Item == 0, true
	}
	return r.Paragraph <= len(paragraphs) && r.Item <= paragraphs[r.Paragraph-1], true
}
