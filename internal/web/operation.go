package web

// Operation is something other systems can ask of the open interface, as the page for their
// makers tells it.
type Operation struct {
	Group, Method, Path, About string
	Token                      bool // only with a token
	Parameters                 []Parameter
}

// Parameter is a value of a question.
type Parameter struct {
	Name, About string
	Required    bool
	Choices     []string
}
