package cycle

import (
	"fmt"

	"gongkai/internal/db"
)

// Settled lists the years on which a body's newest report is signed and neither sent back nor being
// corrected: what they counted may not change behind them.
func Settled(tx *db.Tx, body string) (years []int, err error) {
	in, args := db.In(1, []State{Signed, Published, Presented, Submitted, Accepted, Locked})
	err = tx.Each("SELECT year FROM report_version WHERE agency = $1 AND head = TRUE AND state IN "+in+" ORDER BY year", func(scan func(...any) error) error {
		var y int64
		err := scan(&y)
		years = append(years, int(y))
		return err
	}, append([]any{body}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("list the settled years of %s: %w", body, err)
	}
	return years, nil
}
