package redact

import "context"

func openDOCX(context.Context, *File) error { return ErrFormat }
