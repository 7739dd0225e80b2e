package office

// redactRoutes are the pages on which parts of a request's file are marked to be withheld.
func (o *Office) redactRoutes(rt *router) {
	if o.Requests == nil {
		return
	}
	rt.Page("GET /office/requests/{id}/files/{file}/redact", o.showRedact)
	rt.Page("GET /office/requests/{id}/files/{file}/redact/{page}", o.showRedactPicture)
	rt.Page("POST /office/requests/{id}/files/{file}/redact", o.actRedact)
}
