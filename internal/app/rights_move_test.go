package app

func init() { probes = append(probes, moveProbes...) }

// moveProbes are the pages on which requests leave as a whole and come in from registers.
var moveProbes = []probe{
	{"GET /office/requests/{id}/archive", record, "request-closed", "", "OD", false},
	{"GET /office/requests/{id}/archive", record, "request", "", "OD", false},
	{"POST /office/requests/{id}/archive", record, "request-closed", "x=1", "OD", false},
	{"GET /office/requests/{id}/evidence", record, "request", "", "OD", false},
	{"POST /office/requests/{id}/evidence", record, "request", "use-form-application=1", "OD", false},
	{"GET /office/requests-import", working, "", "", "O", false},
	{"POST /office/requests-import", working, "", "x=1", "O", false},
	{"GET /office/requests-import/template", working, "", "", "O", false},
	// {file} is no file on the shelf: nobody reaches it
	{"GET /office/requests-import/file/{key}", working, "", "", "", false},
	{"POST /office/requests-import/file/{key}", working, "", "do=import", "", false},
}
