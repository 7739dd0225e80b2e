// Package sample holds reports for trying the product out: a city and its bodies that do
// not exist, in words of our own, with the figures and the faults of real reports.
package sample

import (
	"embed"
	"fmt"

	"gongkai/internal/i18n"
)

//go:embed files
var files embed.FS

// Agency is the superior body whose report the samples make up.
const Agency = "示范市人民政府"

// Year is the year most samples report on; the others report on the year before.
const Year = 2024

// Role says what a file is for.
type Role string

// The roles of samples.
const (
	Report   Role = "report"   // a body's report on Year
	Previous Role = "previous" // a body's report on the year before
	Parent   Role = "parent"   // the superior's own printed report, to be held against the sum
	Units    Role = "units"    // the list of bodies expected to report
)

// File is one sample.
type File struct {
	Name  string
	Data  []byte
	Role  Role
	About i18n.Message // what it shows
}

// Files returns the samples: reports of the year, of the year before, the superior's
// printed report and the list of bodies.
func Files() []File {
	list := []File{
		{Name: "示范市人民政府办公室2024年.txt", Role: Report, About: i18n.M("sample.office")},
		{Name: "示范市民政局2024年.txt", Role: Report, About: i18n.M("sample.civil")},
		{Name: "示范市政务服务和数据局2024年.txt", Role: Report, About: i18n.M("sample.data")},
		{Name: "示范市司法局2024年.txt", Role: Report, About: i18n.M("sample.justice")},
		{Name: "示范市科学技术局2024年.html", Role: Report, About: i18n.M("sample.science")},
		{Name: "林业局2024年.txt", Role: Report, About: i18n.M("sample.forestry")},
		{Name: "示范市文化和旅游局2024年.html", Role: Report, About: i18n.M("sample.culture")},
		{Name: "样例区人民政府2024年.txt", Role: Report, About: i18n.M("sample.district")},
		{Name: "示例市人民政府2024年.html", Role: Report, About: i18n.M("sample.stranger")},
		{Name: "文库转载_政务信息工作总结.txt", Role: Report, About: i18n.M("sample.refused")},
		{Name: "示范市人民政府办公室2023年.txt", Role: Previous, About: i18n.M("sample.office_before")},
		{Name: "示范市政务服务和大数据管理局2023年.txt", Role: Previous, About: i18n.M("sample.data_before")},
		{Name: "示范市司法局2023年.txt", Role: Previous, About: i18n.M("sample.justice_before")},
		{Name: "示范市科学技术局2023年.txt", Role: Previous, About: i18n.M("sample.science_before")},
		{Name: "样例区人民政府2023年.txt", Role: Previous, About: i18n.M("sample.district_before")},
		{Name: "示范市人民政府2024年.html", Role: Parent, About: i18n.M("sample.parent")},
		{Name: "报送单位名单2024年.csv", Role: Units, About: i18n.M("sample.units")},
	}
	for i := range list {
		data, err := files.ReadFile("files/" + list[i].Name)
		if err != nil {
			panic(fmt.Sprintf("sample: %v", err))
		}
		list[i].Data = data
	}
	return list
}

// Of returns the samples in one of the roles.
func Of(roles ...Role) []File {
	var some []File
	for _, f := range Files() {
		for _, r := range roles {
			if f.Role == r {
				some = append(some, f)
			}
		}
	}
	return some
}
