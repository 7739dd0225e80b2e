package extract

func readOFD(r *reading) error { return ErrUnsupported }
