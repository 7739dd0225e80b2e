package extract

import "time"

// Limits bounds what one file may cost. A report is a few hundred kilobytes; the bounds
// stand two orders of magnitude above the largest we have seen and well below what would
// hurt a small server.
type Limits struct {
	Input       int64         // bytes of the file; checked before it is read
	Markup      int           // bytes of a text or of one XML part
	Page        int           // bytes of a web page; what it holds takes forty times as much
	Tags        int           // tags of a web page
	Entries     int           // files in an archive
	Unpacked    int64         // bytes taken out of an archive, all files together
	Ratio       int64         // bytes unpacked for each packed one, once RatioFrom is reached
	RatioFrom   int64         // deflate reaches 1032; tables repeat themselves and reach 100
	Depth       int           // elements open at once in XML and HTML
	Tokens      int           // tags and texts of one XML part
	Text        int           // bytes of text a document may hold
	Blocks      int           // lines and tables of a document
	Cells       int           // cells of a document, covered positions not counted
	Columns     int           // columns of a table
	Sheets      int           // worksheets
	Hidden      int           // hidden things noted of a document
	Pages       int           // pages of a PDF or OFD
	PageObjects int           // drawn things on one page
	Time        time.Duration // for one file, conversion by LibreOffice included
}

// limits are the bounds in force.
var limits = Limits{
	Input:       200 << 20,
	Markup:      32 << 20,
	Page:        16 << 20,
	Tags:        1_000_000,
	Entries:     10_000,
	Unpacked:    256 << 20,
	Ratio:       250,
	RatioFrom:   4 << 20,
	Depth:       256,
	Tokens:      8_000_000,
	Text:        32 << 20,
	Blocks:      500_000,
	Cells:       500_000,
	Columns:     2_000,
	Sheets:      200,
	Hidden:      5_000,
	Pages:       2_000,
	PageObjects: 400_000,
	Time:        60 * time.Second,
}
