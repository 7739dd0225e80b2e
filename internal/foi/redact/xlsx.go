package redact

import "context"

func openXLSX(context.Context, *File) error { return ErrFormat }
