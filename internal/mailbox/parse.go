package mailbox

// The bounds of one mail: what is beyond them is left out, and the message says so.
const (
	mostSize = 25 << 20  // of a mail that is read whole, in bytes
	mostHead = 256 << 10 // of its head
)
