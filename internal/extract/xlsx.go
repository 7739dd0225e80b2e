package extract

func readXLSX(r *reading) error { return ErrUnsupported }
