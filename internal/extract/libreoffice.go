package extract

func convertDocument(r *reading) error { return ErrLibreOffice }

func convertSheet(r *reading) error { return ErrLibreOffice }
