package extract

func readPDF(r *reading) error { return ErrUnsupported }
