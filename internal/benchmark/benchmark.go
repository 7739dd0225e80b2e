// Package benchmark measures the office, the public's lists and the text index among as many
// documents as a province has (一百万篇). It holds nothing but benchmarks.
package benchmark
