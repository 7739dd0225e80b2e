package api

import (
	"net/http"

	"gongkai/internal/account/token"
	"gongkai/internal/foi"
	"gongkai/internal/foi/outcome"
	"gongkai/internal/foi/reckon"
	"gongkai/internal/web"
)

var (
	paramMatch  = param{Name: "If-Match", In: "header", About: "api.param.match"}
	paramItem   = param{Name: "item", In: "path", About: "api.param.item", Required: true, Number: true}
	paramLetter = param{Name: "letter", In: "path", About: "api.param.letter", Required: true}
	paramFile   = param{Name: "file", In: "path", About: "api.param.file", Required: true}
	paramFrom   = param{Name: "from", In: "query", About: "api.param.from"}
	paramTo     = param{Name: "to", In: "query", About: "api.param.to"}
	paramOneY   = param{Name: "year", In: "query", About: "api.param.report_year", Number: true}
)

// requestFilters are the filters of lists of requests. None of them names a person.
func requestFilters() []param {
	var results []string
	for _, o := range outcome.All {
		results = append(results, string(o.Code))
	}
	return []param{
		{Name: "state", In: "query", About: "api.param.state", Several: true, Choices: namesOf([]foi.State{foi.Submitted, foi.Handling, foi.Correcting, foi.Reasoning,
			foi.Paying, foi.Reviewing, foi.Approved, foi.Closed, foi.Void, foi.Merged, foi.Split})},
		{Name: "outcome", In: "query", About: "api.param.outcome", Choices: results}, {Name: "kind", In: "query", About: "api.param.applicant_kind", Choices: namesOf(foi.Kinds)},
		{Name: "channel", In: "query", About: "api.param.channel", Choices: namesOf(foi.Channels)}, {Name: "department", In: "query", About: "api.param.department"},
		{Name: "no", In: "query", About: "api.param.no"}, {Name: "q", In: "query", About: "api.param.title_words"}, paramFrom, paramTo,
		{Name: "due_by", In: "query", About: "api.param.due_by"}, {Name: "late", In: "query", About: "api.param.late", Choices: []string{"true", "false"}},
		{Name: "order", In: "query", About: "api.param.order", Choices: []string{"newest", "due"}}, paramLimit, paramAfter,
	}
}

// requestOperation is one of this group's.
func requestOperation(id, method, path, about string, takes, answers any, h func(a *api) web.Handler) operation {
	return operation{ID: id, Method: method, Path: "/requests" + path, Group: "api.group.requests", About: about, Takes: takes, Answers: answers, Token: true, handler: h}
}

func requestGet(id, path, about string, answers any, h func(a *api) web.Handler, with ...param) operation {
	o := requestOperation(id, http.MethodGet, path, about, nil, answers, h)
	o.Params = with
	return o
}

// requestAct is an act: sent once under its key, on the version that was seen.
func requestAct(id, path, about string, takes any, h func(a *api) web.Handler, example string, with ...param) operation {
	o := requestOperation(id, http.MethodPost, path, about, takes, RequestDone{}, h)
	o.Params, o.Example = append(with, paramKey, paramMatch), example
	return o
}

// made says of an act that it needs no version: it makes something.
func (o operation) made(status int, answers any) operation {
	o.Params, o.Status = o.Params[:len(o.Params)-1], status
	if answers != nil {
		o.Answers = answers
	}
	return o
}

// requestOperations are what can be asked about requests for information.
func requestOperations() (all []operation) {
	all = append(all, requestReads()...)
	all = append(all, requestActs()...)
	all = append(all, requestLetters()...)
	return append(all, requestIntake()...)
}

func requestReads() []operation {
	search := requestOperation("findRequests", http.MethodPost, "/search", "api.op.request_find", RequestSought{}, RequestList{}, tells(token.Requests, (*call).findRequests))
	search.Example = `{"kind":"natural","id_number":"110101199003070011"}`
	reveal := requestOperation("revealRequest", http.MethodPost, "/{id}/reveal", "api.op.request_reveal", RequestNothing{}, RequestWhole{}, tells(token.Requests, (*call).revealRequest))
	reveal.Params, reveal.Example = []param{paramID}, `{}`
	return []operation{
		requestGet("listRequests", "", "api.op.requests", RequestList{}, asks((*call).listRequests), requestFilters()...),
		search,
		requestGet("getRequest", "/{id}", "api.op.request", RequestWhole{}, asks((*call).showRequest), paramID),
		reveal,
		requestGet("getClock", "/{id}/clock", "api.op.request_clock", reckon.Printed{}, asks((*call).showClock), paramID),
		requestGet("listRequestFiles", "/{id}/files", "api.op.request_files", RequestFiles{}, asks((*call).listRequestFiles), paramID),
		fileOperation("getRequestFile", "/{id}/files/{file}", "api.op.request_file", "application/octet-stream", func(a *api) web.Handler { return a.sendRequestFile }, paramID, paramFile),
		fileOperation("getCalendar", "/calendar.ics", "api.op.request_calendar", "text/calendar", func(a *api) web.Handler { return a.sendCalendar }),
		requestGet("getBoards", "/boards", "api.op.request_boards", RequestBoards{}, asks((*call).showBoards)),
		requestGet("getCounts", "/counts", "api.op.request_counts", RequestCounts{}, asks((*call).showCounts), paramOneY, paramFrom, paramTo),
		requestGet("getCell", "/counts/cell", "api.op.request_cell", RequestCell{}, asks((*call).showCell), param{Name: "cell", In: "query", About: "api.param.cell", Required: true}, paramOneY, paramFrom, paramTo, paramLimit, paramAfter),
	}
}

func fileOperation(id, path, about, media string, h func(a *api) web.Handler, with ...param) operation {
	o := requestGet(id, path, about, nil, h, with...)
	o.Media = media
	return o
}

// exampleApplication is of nobody.
const exampleApplication = `{"applicant":{"kind":"natural","name":"示例某某","id_type":"idcard","id_number":"110101199003070011","phone":"13800000000","address":"虚构市二号路2号"},"sought":{"name":"2025年度城市低保资金分配方案","features":"按区的分配方案"},"form":"electronic","way":"post"}`

func requestActs() []operation {
	return []operation{
		requestAct("registerRequest", "", "api.op.request_register", RequestRegister{}, registerAct.handler,
			`{"channel":"counter","received_on":"2026-11-20","application":`+exampleApplication+`}`).made(http.StatusCreated, nil),
		requestAct("confirmRequest", "/{id}/confirm", "api.op.request_confirm", RequestConfirm{}, acts(func(c *call, in *RequestConfirm) (*foi.Request, error) {
			return c.Requests.Confirm(c.ctx, c.by, c.id, c.version, in.On.Date, in.Title)
		}), `{"version":1,"on":"2026-11-23","title":"低保资金分配方案"}`, paramID),
		requestAct("discardRequest", "/{id}/discard", "api.op.request_discard", RequestReason{}, acts(func(c *call, in *RequestReason) (*foi.Request, error) {
			return c.Requests.Discard(c.ctx, c.by, c.id, c.version, in.Reason)
		}), `{"version":1,"reason":"系统测试"}`, paramID),
		requestAct("titleRequest", "/{id}/title", "api.op.request_title", RequestTitle{}, acts(func(c *call, in *RequestTitle) (*foi.Request, error) {
			return c.Requests.Retitle(c.ctx, c.by, c.id, c.version, in.Title)
		}), `{"version":2,"title":"低保资金分配方案"}`, paramID),
		requestAct("assignRequest", "/{id}/assign", "api.op.request_assign", RequestAssign{}, acts((*call).assign), `{"version":2,"department":"社会救助科","handlers":["chengban"],"until":"2026-12-01"}`, paramID),
		requestAct("askDepartment", "/{id}/co-handling", "api.op.request_cohandle", RequestAsk{}, askAct.handler, `{"version":3,"department":"财务科","question":"是否制作过该方案？"}`, paramID),
		requestAct("answerDepartment", "/{id}/co-handling/{item}/answer", "api.op.request_coanswer", RequestText{}, acts(func(c *call, in *RequestText) (*foi.Request, error) {
			return c.Requests.AnswerCoHandling(c.ctx, c.by, c.id, c.version, c.item(), in.Text)
		}), `{"version":4,"text":"制作过，附后。"}`, paramID, paramItem),
		requestAct("recordSearch", "/{id}/searches", "api.op.request_search", RequestSearch{}, acts(func(c *call, in *RequestSearch) (*foi.Request, error) {
			return c.Requests.RecordSearch(c.ctx, c.by, c.id, c.version, in.SearchRecord)
		}), `{"version":4,"systems":"公文系统","archives":"2025年文书档案","words":"低保 分配","people":"示例经办人","from":"2026-11-23","to":"2026-11-23","result":"找到方案一份","found":true}`, paramID),
		requestAct("askCorrection", "/{id}/correction", "api.op.request_correction", RequestCorrection{}, acts(func(c *call, in *RequestCorrection) (*foi.Request, error) {
			return c.Requests.AskCorrection(c.ctx, c.by, c.id, c.version, foi.Correction{What: in.What, Guidance: in.Guidance, Days: in.Days})
		}), `{"version":2,"what":"没有写明哪一种方案","guidance":"请写明按区还是按项目","days":15}`, paramID),
		requestAct("receiveCorrection", "/{id}/correction/received", "api.op.request_corrected", RequestCorrected{}, acts(func(c *call, in *RequestCorrected) (*foi.Request, error) {
			return c.Requests.Correct(c.ctx, c.by, c.id, c.version, in.On.Date, in.Text, uploads(in.Files))
		}), `{"version":5,"on":"2026-11-23","text":"按区的分配方案"}`, paramID),
		requestAct("askReasons", "/{id}/reasons", "api.op.request_reasons", RequestWhy{}, acts(func(c *call, in *RequestWhy) (*foi.Request, error) {
			return c.Requests.AskReasons(c.ctx, c.by, c.id, c.version, foi.Reasons{Facts: in.Facts, Days: in.Days})
		}), `{"version":2,"facts":"一个月内提出申请60件","days":15}`, paramID),
		requestAct("receiveReasons", "/{id}/reasons/received", "api.op.request_reasoned", RequestAnswered{}, acts(func(c *call, in *RequestAnswered) (*foi.Request, error) {
			return c.Requests.GiveReasons(c.ctx, c.by, c.id, c.version, in.On.Date, in.Text)
		}), `{"version":5,"on":"2026-11-23","text":"课题研究需要"}`, paramID),
		requestAct("agreeLater", "/{id}/later", "api.op.request_later", RequestLater{}, acts(func(c *call, in *RequestLater) (*foi.Request, error) {
			return c.Requests.AgreeLater(c.ctx, c.by, c.id, c.version, in.To.Date)
		}), `{"version":6,"to":"2027-01-29"}`, paramID),
		requestAct("consult", "/{id}/consultations", "api.op.request_consult", RequestConsult{}, acts(func(c *call, in *RequestConsult) (*foi.Request, error) {
			return c.Requests.Consult(c.ctx, c.by, c.id, c.version, foi.Consultation{Party: in.Party, Name: in.Name, Person: in.Person, Address: in.Address, Content: in.Content, Concern: in.Concern})
		}), `{"version":2,"party":"third","name":"虚构甲公司","content":"方案附件中的报价","concern":"商业秘密"}`, paramID),
		requestAct("consultationReceived", "/{id}/consultations/{item}/received", "api.op.request_consult_received", RequestOn{}, acts(func(c *call, in *RequestOn) (*foi.Request, error) {
			return c.Requests.ConsultationReceived(c.ctx, c.by, c.id, c.version, c.item(), in.On.Date)
		}), `{"version":6,"on":"2026-11-23"}`, paramID, paramItem),
		requestAct("consultationAnswered", "/{id}/consultations/{item}/answered", "api.op.request_consult_answered", RequestOpinion{}, acts(func(c *call, in *RequestOpinion) (*foi.Request, error) {
			return c.Requests.ConsultationAnswered(c.ctx, c.by, c.id, c.version, c.item(), foi.OpinionGiven{On: in.On.Date, Consents: in.Consents, Text: in.Text, Files: uploads(in.Files)})
		}), `{"version":7,"on":"2026-11-23","consents":false,"text":"报价是商业秘密"}`, paramID, paramItem),
		requestAct("overrideConsultation", "/{id}/consultations/{item}/override", "api.op.request_override", RequestReason{}, acts(func(c *call, in *RequestReason) (*foi.Request, error) {
			return c.Requests.Override(c.ctx, c.by, c.id, c.version, c.item(), in.Reason)
		}), `{"version":8,"reason":"不公开将对公共利益造成重大影响"}`, paramID, paramItem),
		requestAct("proposeExtension", "/{id}/extension", "api.op.request_extend", RequestExtend{}, acts(func(c *call, in *RequestExtend) (*foi.Request, error) {
			return c.Requests.ProposeExtension(c.ctx, c.by, c.id, c.version, in.Days, in.Reason)
		}), `{"version":2,"days":20,"reason":"需要检索多个部门"}`, paramID),
		requestAct("approveExtension", "/{id}/extension/approval", "api.op.request_extend_ok", RequestVerdict{}, acts(func(c *call, in *RequestVerdict) (*foi.Request, error) {
			return c.Requests.ApproveExtension(c.ctx, c.by, c.id, c.version, in.OK, in.Note)
		}), `{"version":3,"ok":true}`, paramID),
		requestAct("charge", "/{id}/fee", "api.op.request_fee", RequestCharge{}, acts(func(c *call, in *RequestCharge) (*foi.Request, error) {
			return c.Requests.Charge(c.ctx, c.by, c.id, c.version, in.Mode, in.Pages)
		}), `{"version":2,"mode":"page","pages":120}`, paramID),
		requestAct("feePaid", "/{id}/fee/paid", "api.op.request_paid", RequestPaid{}, acts(func(c *call, in *RequestPaid) (*foi.Request, error) {
			return c.Requests.Pay(c.ctx, c.by, c.id, c.version, in.On.Date, in.Voucher)
		}), `{"version":5,"on":"2026-11-23","voucher":"票据0001"}`, paramID),
		requestAct("feeWaived", "/{id}/fee/waived", "api.op.request_waive", RequestReason{}, acts(func(c *call, in *RequestReason) (*foi.Request, error) {
			return c.Requests.Waive(c.ctx, c.by, c.id, c.version, in.Reason)
		}), `{"version":5,"reason":"数量计算有误"}`, paramID),
		requestAct("proposeDecision", "/{id}/decision", "api.op.request_propose", RequestPropose{}, acts((*call).propose),
			`{"version":4,"outcome":"open","answers":[{"provided":[{"title":"2025年度城市低保资金分配方案"}]}],"files":["01999999-0000-7000-8000-000000000001"]}`, paramID),
		requestAct("reviewDecision", "/{id}/decision/review", "api.op.request_review", RequestReview{}, acts(func(c *call, in *RequestReview) (*foi.Request, error) {
			return c.Requests.Review(c.ctx, c.by, c.id, c.version, in.Kind, in.OK, in.Note)
		}), `{"version":5,"kind":"legal","ok":true}`, paramID),
		requestAct("takeBackDecision", "/{id}/decision/return", "api.op.request_return", RequestReason{}, acts(func(c *call, in *RequestReason) (*foi.Request, error) {
			return c.Requests.TakeBack(c.ctx, c.by, c.id, c.version, in.Reason)
		}), `{"version":8,"reason":"发现另有一份附件"}`, paramID),
		requestAct("withdrawRequest", "/{id}/withdrawal", "api.op.request_withdraw", RequestReason{}, acts(func(c *call, in *RequestReason) (*foi.Request, error) {
			return c.Requests.Withdraw(c.ctx, c.by, c.id, c.version, in.Reason)
		}), `{"version":4,"reason":"申请人来函撤回"}`, paramID),
		requestAct("lapseRequest", "/{id}/lapse", "api.op.request_lapse", RequestSeen{}, acts(func(c *call, _ *RequestSeen) (*foi.Request, error) {
			return c.Requests.LapseNow(c.ctx, c.by, c.id, c.version)
		}), `{"version":4}`, paramID),
		requestAct("transferRequest", "/{id}/transfer", "api.op.request_transfer", RequestTransfer{}, acts(func(c *call, in *RequestTransfer) (*foi.Request, error) {
			return c.Requests.Transfer(c.ctx, c.by, c.id, c.version, in.To, in.Reason)
		}), `{"version":4,"to":"01999999-0000-7000-8000-000000000002","reason":"经申请人同意转送"}`, paramID),
		requestAct("mergeRequest", "/{id}/merge", "api.op.request_merge", RequestMerge{}, acts(func(c *call, in *RequestMerge) (*foi.Request, error) {
			return c.Requests.Join(c.ctx, c.by, c.id, c.version, in.Into, in.Reason)
		}), `{"version":2,"into":"01999999-0000-7000-8000-000000000003","reason":"同一申请重复提交"}`, paramID),
		requestAct("divideRequest", "/{id}/division", "api.op.request_divide", RequestDivide{}, acts((*call).divide),
			`{"version":2,"parts":[{"title":"分配方案","sought":"按区的分配方案"},{"title":"执行情况","sought":"资金执行情况"}],"reason":"一事一申请"}`, paramID),
		requestAct("reopenRequest", "/{id}/reopening", "api.op.request_reopen", RequestReopen{}, reopenAct.handler, `{"on":"2026-11-23","basis":"虚复决字〔2026〕1号"}`, paramID).made(http.StatusCreated, nil),
		requestAct("addRequestFile", "/{id}/files", "api.op.request_file_add", RequestAdd{}, addAct.handler, `{"kind":"found","name":"方案.pdf","data":"JVBERi0xLjc="}`, paramID).made(http.StatusCreated, nil),
	}
}

// RequestSeen is an act that says nothing but the version.
type RequestSeen struct{ seen }

const (
	mediaPDF  = "application/pdf"
	mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

func requestLetters() []operation {
	slots := requestAct("editLetter", "/{id}/letters/{letter}", "api.op.letter_edit", RequestSlots{}, acts(func(c *call, in *RequestSlots) (*foi.Request, error) {
		return c.Requests.EditLetter(c.ctx, c.by, c.id, c.letterKey(), c.version, in.Slots)
	}), `{"version":1,"slots":{"body":"……"}}`, paramID, paramLetter)
	slots.Method = http.MethodPut
	return []operation{
		requestGet("listLetters", "/{id}/letters", "api.op.letters", RequestLetters{}, asks((*call).listLetters), paramID),
		requestAct("draftLetter", "/{id}/letters", "api.op.letter_draft", RequestDraftLetter{}, acts(func(c *call, in *RequestDraftLetter) (*foi.Request, error) {
			return c.Requests.DraftLetter(c.ctx, c.by, c.id, c.version, in.Code)
		}), `{"version":2,"code":"L01"}`, paramID),
		requestGet("getLetter", "/{id}/letters/{letter}", "api.op.letter", RequestLetter{}, asks((*call).showLetter), paramID, paramLetter),
		slots,
		fileOperation("getLetterPDF", "/{id}/letters/{letter}/pdf", "api.op.letter_pdf", mediaPDF, letterFile(".pdf", mediaPDF), paramID, paramLetter),
		fileOperation("getLetterDOCX", "/{id}/letters/{letter}/docx", "api.op.letter_docx", mediaDOCX, letterFile(".docx", mediaDOCX), paramID, paramLetter),
		requestAct("refreshLetter", "/{id}/letters/{letter}/refresh", "api.op.letter_refresh", RequestSeen{}, acts(func(c *call, _ *RequestSeen) (*foi.Request, error) {
			return c.Requests.RefreshLetter(c.ctx, c.by, c.id, c.letterKey(), c.version)
		}), `{"version":1}`, paramID, paramLetter),
		requestAct("finishLetter", "/{id}/letters/{letter}/finish", "api.op.letter_finish", RequestFinish{}, acts(func(c *call, in *RequestFinish) (*foi.Request, error) {
			return c.Requests.FinishLetter(c.ctx, c.by, c.id, c.letterKey(), c.version, in.No)
		}), `{"version":2}`, paramID, paramLetter),
		requestAct("sendLetter", "/{id}/letters/{letter}/send", "api.op.letter_send", RequestSend{}, acts((*call).sendLetter), `{"version":3,"way":"ems","on":"2026-11-23","tracking":"EX000000001CN"}`, paramID, paramLetter),
		requestAct("letterArrived", "/{id}/letters/{letter}/arrived", "api.op.letter_arrived", RequestArrived{}, acts(func(c *call, in *RequestArrived) (*foi.Request, error) {
			return c.Requests.LetterArrived(c.ctx, c.by, c.id, c.letterKey(), c.version, in.On.Date, in.Failed)
		}), `{"version":4,"on":"2026-11-23"}`, paramID, paramLetter),
		requestAct("voidLetter", "/{id}/letters/{letter}/void", "api.op.letter_void", RequestReason{}, acts(func(c *call, in *RequestReason) (*foi.Request, error) {
			return c.Requests.VoidLetter(c.ctx, c.by, c.id, c.letterKey(), c.version, in.Reason)
		}), `{"version":2,"reason":"不再需要"}`, paramID, paramLetter),
	}
}

func requestIntake() []operation {
	follow := requestOperation("followRequest", http.MethodPost, "/submissions/status", "api.op.intake_follow", RequestCode{}, RequestFollowed{}, tells(token.Intake, (*call).follow))
	follow.Example = `{"query_code":"ABCD-EFGH-JKMN-PQRS"}`
	paper := requestOperation("followLetter", http.MethodPost, "/submissions/letter", "api.op.intake_letter", RequestCodeLetter{}, nil, func(a *api) web.Handler { return a.sendFollowed })
	paper.Media, paper.Example = mediaPDF, `{"query_code":"ABCD-EFGH-JKMN-PQRS","letter":"01999999-0000-7000-8000-000000000004"}`
	return []operation{
		requestAct("submitRequest", "/submissions", "api.op.intake", RequestSubmit{}, submitAct.handler, `{"identified":true,"application":`+exampleApplication+`}`).made(http.StatusCreated, RequestSubmitted{}),
		follow, paper,
		requestAct("actAsApplicant", "/submissions/act", "api.op.intake_act", RequestOwn{}, ownAct.handler, `{"query_code":"ABCD-EFGH-JKMN-PQRS","act":"correct","text":"按区的分配方案"}`).made(http.StatusOK, RequestFollowed{}),
	}
}
