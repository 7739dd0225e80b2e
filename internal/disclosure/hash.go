package disclosure

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
)

// hashVersion begins what is hashed. A field added later is hashed only where it is not
// empty, so that no new version of the program voids a review.
const hashVersion = "gongkai-content-1"

// ContentHash is the digest over everything an edition says and the files attached to it, in
// their order. Reviews are bound to it (R-FLW-03): whatever changes it, voids them.
func ContentHash(c *Content, files []Attachment) string {
	h := sha256.New()
	io.WriteString(h, hashVersion)
	put := func(name string, values ...string) {
		fmt.Fprintf(h, "\n%s %d", name, len(values))
		for _, v := range values {
			io.WriteString(h, " "+strconv.Itoa(len(v))+":"+v)
		}
	}
	put("title", c.Title, c.Subtitle)
	put("summary", c.Summary)
	put("body", c.Body)
	put("class", c.Theme, c.Genre)
	put("document", c.DocNo, c.Issuer, c.IssuedOn.String(), c.FormedOn.String())
	put("source", c.Source, c.SourceURL, c.Author)
	put("keywords", c.Keywords...)
	put("attribute", string(c.Attribute), c.Reason)
	put("basis", c.Basis...)
	put("validity", string(c.Validity), c.EffectiveOn.String(), c.ExpiresOn.String(), c.DisplayUntil.String())
	put("joint", c.JointBodies...)
	put("interprets", c.Interprets...)
	put("paper", c.Department, c.Audience, c.Note)
	put("channels", c.Channels...)
	for _, f := range files {
		put("file", f.ID, f.Digest, f.Name, f.Media, f.Alt, f.Transcript, strconv.FormatBool(f.Inline))
	}
	return hex.EncodeToString(h.Sum(nil))
}
