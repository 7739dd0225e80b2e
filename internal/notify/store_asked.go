package notify

import "gongkai/internal/db"

// Asked reports whether somebody was sent, or is about to be, a mail about something.
func Asked(tx *db.Tx, account, about, id string) (bool, error) {
	n, err := tx.Count("SELECT count(*) FROM notify_mail WHERE account = $1 AND about = $2 AND about_id = $3", account, about, id)
	return n > 0, err
}
