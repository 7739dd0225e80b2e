package app

import (
	"encoding/json"

	"gongkai/internal/db"
	"gongkai/internal/mailbox"
)

// mail lets a message with a file arrive at a body.
func (w *world) mail(b *body) {
	w.t.Helper()
	id, file := db.ID(), db.ID()
	sealed := func(purpose string, v any) string {
		text, err := json.Marshal(v)
		if err == nil {
			var s string
			if s, err = w.n.Keys.Seal("mailbox:message:"+purpose, text); err == nil {
				return s
			}
		}
		w.t.Fatal(err)
		return ""
	}
	message := sealed(id, map[string]any{"From": mailbox.Address{Name: "示例来信人", Address: "jia@example.com"}, "Subject": "示例来信", "Text": "示例正文"})
	kept := sealed(id+":"+file, mailbox.File{ID: file, Name: "附件.txt", Media: "text/plain", Size: 6, Data: []byte("附件")})
	err := w.n.DB.Update(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO mailbox_message (id, agency, content, sealed, kind, state, remarks, size, files, about, about_id, handler, reason, arrived_at, taken_at, version)
			VALUES ($1, $2, $3, $4, 'letter', 'new', '', 100, 1, '', '', '', '', $5, $6, 1)`, id, b.id, id, message, tx.Now, tx.Now)
		if err == nil {
			_, err = tx.Exec("INSERT INTO mailbox_file (id, message, no, size, sealed) VALUES ($1, $2, 0, 6, $3)", file, id, kept)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	b.ids["mail"], b.ids["mailfile"] = id, file
}
