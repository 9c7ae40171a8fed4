// The words of the page in its two languages, and how numbers and days are written in each.
const WORDS = {
  ar: {
    skip: "إلى المحتوى", brand: "لقاء", tagline: "من التقى مَن، وأين قيل ذلك", search: "ابحث عن اسم",
    searchHint: "ابحث عن شخص أو جهة أو مكان…", searchResults: "نتائج البحث", noResults: "لا اسم يشبه هذا",
    theme: "فاتح أو داكن", summary: "أرقام هذا التشغيل", filters: "تصفية", views: "العروض", graphTools: "أدوات الشبكة",
    zoomIn: "تكبير", zoomOut: "تصغير", fit: "إظهار الكل", details: "التفاصيل", timeline: "الخط الزمني",
    graph: "الشبكة", meetings: "اللقاءات", entities: "الأسماء", edges: "الصلات",
    graphHelp: "شبكة الأشخاص والجهات والأماكن. الأسهم للتحريك، وزائد وناقص للتكبير، وحرف n للانتقال إلى الاسم التالي، وEnter لفتحه. كل ما فيها معروض جداول في الألسنة الأخرى.",
    documents: "وثيقة", rejectedDocs: "مرفوضة", words: "كلمة", mentions: "ذكر", people: "أشخاص", bodies: "جهات", places: "أماكن",
    PER: "شخص", ORG: "جهة", LOC: "مكان", types: "النوع", kinds: "نوع الصلة", statuses: "حال اللقاء",
    meeting: "لقاء", position: "منصب", relation: "علاقة", co_mention: "ذكر معًا",
    held: "انعقد", planned: "مقرر", cancelled: "أُلغي", denied: "نُفي",
    kind_meeting: "لقاء", kind_call: "اتصال", kind_visit: "زيارة", kind_multilateral: "متعدد الأطراف",
    located_in: "يقع في", member_of: "عضو في", family: "قرابة", appointed: "عُيّن من قِبل",
    confidence: "الثقة الدنيا", confidenceOf: "الثقة", weight: "أقل عدد للمرات", undated: "ما لا تاريخ له", lonely: "إخفاء ما لا صلة له", reset: "إلغاء التصفية",
    around: "حول {0} فقط", everything: "عرض الكل",
    from: "من", to: "إلى", allTime: "كل الأوقات", noDates: "لا تواريخ معروفة في هذه اللقاءات",
    back: "رجوع", close: "إغلاق", aliases: "أسماء أخرى", positions: "المناصب", former: "سابقًا", relations: "علاقات",
    neighbours: "من يتصل به", docsOf: "وثائق", wikidata: "ويكي بيانات", seen: "ورد بين {0} و{1}", seenOnce: "ورد في {0}",
    nMentions: "{0} ذكر في {1} وثيقة", place: "المكان", date: "التاريخ", status: "الحال", kind: "النوع", parties: "الأطراف",
    evidence: "الدليل", document: "الوثيقة", noText: "نص الجملة ليس في المجلد؛ موضعها {0}–{1}", noEvidence: "لا جملة محفوظة لهذه الصلة في الصفحة",
    unknown: "غير معروف", undatedShort: "بلا تاريخ", name: "الاسم", type: "النوع", ties: "الصلات", first: "الطرف الأول", second: "الطرف الثاني", label: "الوصف", count: "المرات", since: "منذ", until: "حتى",
    more: "المزيد ({0} بعد)", nothing: "لا شيء يطابق هذه التصفية", nothingHint: "وسّع المدة أو أعد أنواعًا أخفيتها.",
    emptyRun: "لم يُعثر على أسماء", emptyRunHint: "شغّل liqa run على نصوص عربية ثم أعد فتح التقرير.",
    overview: "لمحة", overviewHint: "اختر اسمًا من الشبكة أو من البحث لترى مناصبه ولقاءاته، أو خطًّا بين اسمين لترى الجمل التي تدل عليه.",
    topPeople: "أكثر الأشخاص صلة", latestMeetings: "أحدث اللقاءات", noMeetings: "لم يُذكر لقاء",
    shownOf: "يعرض {0} من {1} اسمًا، و{2} من {3} صلة، و{4} من {5} لقاء", nowShown: "{0} اسمًا و{1} صلة ظاهرة",
    shownPart: "هذه الصفحة تحمل الأقوى: {0} من {1} اسمًا، و{2} من {3} صلة، و{4} من {5} لقاء؛ والجداول تحمل كل شيء.",
    shownAll: "هذه الصفحة تحمل كل ما في الجداول: {0} اسمًا، و{2} صلة، و{4} لقاء.",
    caution: "استُخرج هذا آليًا وقد يخطئ: اقرأ الجملة قبل أن تبني عليها. ذكر اسمين معًا لا يعني أنهما التقيا.",
    basis_stated: "كما في النص", basis_relative: "محسوب من تاريخ النشر", times: "{0}×", download: "تنزيل CSV", showInGraph: "في الشبكة", trigger: "الفعل الدال",
    host: "مضيف", visitor: "زائر", caller: "متصل", callee: "متلقٍّ", chair: "رئيس", participant: "مشارك", otherReports: "روايات أخرى للقاء نفسه: {0}", inEvents: "في {0} حدثًا",
  },
  en: {
    skip: "Skip to content", brand: "Liqa", tagline: "Who met whom, and where it says so", search: "Search for a name",
    searchHint: "Search people, organisations, places…", searchResults: "Search results", noResults: "No name like this",
    theme: "Light or dark", summary: "Numbers of this run", filters: "Filter", views: "Views", graphTools: "Graph tools",
    zoomIn: "Zoom in", zoomOut: "Zoom out", fit: "Show all", details: "Details", timeline: "Timeline",
    graph: "Graph", meetings: "Meetings", entities: "Names", edges: "Ties",
    graphHelp: "Graph of people, organisations and places. Arrow keys move, plus and minus zoom, n goes to the next name, Enter opens it. All of it stands as tables in the other tabs.",
    documents: "documents", rejectedDocs: "rejected", words: "words", mentions: "mentions", people: "people", bodies: "organisations", places: "places",
    PER: "Person", ORG: "Organisation", LOC: "Place", types: "Type", kinds: "Kind of tie", statuses: "Status of meeting",
    meeting: "Meeting", position: "Position", relation: "Relation", co_mention: "Named together",
    held: "held", planned: "planned", cancelled: "cancelled", denied: "denied",
    kind_meeting: "meeting", kind_call: "call", kind_visit: "visit", kind_multilateral: "multilateral",
    located_in: "located in", member_of: "member of", family: "family", appointed: "appointed by",
    confidence: "Least confidence", confidenceOf: "Confidence", weight: "Told at least … times", undated: "Undated too", lonely: "Hide names without ties", reset: "Clear filters",
    around: "Only around {0}", everything: "Show everything",
    from: "From", to: "To", allTime: "All time", noDates: "No dates are known here",
    back: "Back", close: "Close", aliases: "Other names", positions: "Positions", former: "former", relations: "Relations",
    neighbours: "Tied to", docsOf: "Documents", wikidata: "Wikidata", seen: "Seen from {0} to {1}", seenOnce: "Seen on {0}",
    nMentions: "{0} mentions in {1} documents", place: "Place", date: "Date", status: "Status", kind: "Kind", parties: "Parties",
    evidence: "Evidence", document: "Document", noText: "The sentence's text is not in the folder; it lies at {0}–{1}", noEvidence: "This page keeps no sentence for this tie",
    unknown: "unknown", undatedShort: "undated", name: "Name", type: "Type", ties: "Ties", first: "One end", second: "Other end", label: "Label", count: "Times", since: "Since", until: "Until",
    more: "More ({0} left)", nothing: "Nothing matches these filters", nothingHint: "Widen the time, or bring back kinds that you hid.",
    emptyRun: "No names were found", emptyRunHint: "Call liqa run on Arabic texts, then open the report again.",
    overview: "Overview", overviewHint: "Choose a name in the graph or by search to see positions and meetings, or a line between two names to see the sentences that show it.",
    topPeople: "People with most ties", latestMeetings: "Latest meetings", noMeetings: "No meeting is told of",
    shownOf: "Showing {0} of {1} names, {2} of {3} ties, {4} of {5} meetings", nowShown: "{0} names and {1} ties in view",
    shownPart: "This page holds the strongest: {0} of {1} names, {2} of {3} ties, {4} of {5} meetings; the tables hold everything.",
    shownAll: "This page holds all that the tables do: {0} names, {2} ties, {4} meetings.",
    caution: "This was extracted by machine and can be wrong: read the sentence before you rely on it. Two names in one sentence did not therefore meet.",
    basis_stated: "as the text says", basis_relative: "counted from the publication date", times: "{0}×", download: "Download CSV", showInGraph: "In the graph", trigger: "Trigger",
    host: "host", visitor: "visitor", caller: "caller", callee: "called", chair: "chair", participant: "participant", otherReports: "Other reports of the same meeting: {0}", inEvents: "in {0} events",
  },
};

let language = "ar";
const t = (key, ...values) => (WORDS[language][key] ?? key).replace(/\{(\d)\}/g, (_, n) => values[Number(n)]);
const locale = () => (language === "ar" ? "ar-u-nu-latn-ca-gregory" : "en-GB");
const formats = new Map();
const format = (name, make) => {
  const key = language + name;
  if (!formats.has(key)) formats.set(key, make());
  return formats.get(key);
};
const number = (value) => format("number", () => new Intl.NumberFormat(locale())).format(value);
const percent = (value) => format("percent", () => new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 })).format(value);

// A day, month or year as the tables write it ("2025-12-21", "2025-12", "2025") in the reader's words.
function when(text) {
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?/.exec(text || "");
  if (!parts) return "";
  const [, year, month, day] = parts;
  if (!month) return year;
  const options = { timeZone: "UTC", year: "numeric", month: "long", ...(day ? { day: "numeric" } : {}) };
  return format("day" + (day ? 3 : 2), () => new Intl.DateTimeFormat(locale(), options)).format(Date.UTC(+year, +month - 1, +(day || 1)));
}
const period = (from, to) => (!from && !to ? "" : !to || from === to ? when(from) : `${when(from)} – ${when(to)}`);
