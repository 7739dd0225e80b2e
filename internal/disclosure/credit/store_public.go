package credit

import "gongkai/internal/db"

// onDisplay is what a body shows of a kind on a day: a job takes down what is over, and until it
// has run nobody sees it either.
const onDisplay = "agency = $1 AND kind = $2 AND state = 'shown' AND (show_until IS NULL OR show_until >= $3)"

func displayed(tx *db.Tx, agency string, kind Kind, skip, n int) ([]*Decision, error) {
	return pick(tx, onDisplay+" ORDER BY sort_key DESC LIMIT $4 OFFSET $5", agency, kind, tx.Today(), n, skip)
}

func countDisplayed(tx *db.Tx, agency string, kind Kind) (int, error) {
	return tx.Count("SELECT count(*) FROM credit_decision WHERE "+onDisplay, agency, kind, tx.Today())
}
