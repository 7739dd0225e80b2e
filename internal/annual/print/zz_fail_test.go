package print
import ("testing";"os";"bytes";"pgregory.net/rapid")
func TestZZ(t *testing.T){ rapid.Check(t, func(rt *rapid.T){ r:=report(rt); var b bytes.Buffer; Write(&b,r,PDF,Options{}); os.WriteFile("/tmp/pr/fail.pdf",b.Bytes(),0o644); if d:=differences(PDF,r,again(t,r,PDF)); len(d)>0 { os.WriteFile("/tmp/pr/fail2.pdf",b.Bytes(),0o644); rt.Error(d[0]) } }) }
