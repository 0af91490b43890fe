// Faults: each has a code, and the code a class and sentences; the gravest class is the verdict.

/** The classes, the gravest first, with their exit codes (FORMAT.md, 9.9). */
export const EXITS = new Map([
  ["file", 10],
  ["facts", 11],
  ["signature", 12],
  ["history", 13],
  ["result", 14],
  ["copy", 15],
]);

const CODES = {
  file: {
    "member-repeated": ["tên này đã có trước đó", "a member of this name was there before"],
    "member-foreign": ["không thuộc gói", "it does not belong into the bundle"],
    "member-compressed": ["bị nén", "it is compressed"],
    "member-oversize": ["lớn hơn giới hạn", "it is larger than allowed"],
    "member-altered": ["nội dung đã bị thay đổi", "its content was altered"],
    "member-missing": ["không có trong gói", "it is not in the bundle"],
    "zip-altered": ["cấu trúc ZIP đã bị thay đổi", "the bytes around the members were altered"],
    "bundle-malformed": ["không đúng định dạng", "it does not say what a bundle says of itself"],
  },
  facts: {
    "entry-unreadable": ["mục không đọc được", "the entry names no place"],
    "fact-unreadable": ["sự kiện không đọc được", "the entry is no fact of the catalogue"],
    "fact-of-another-cycle": ["sự kiện của đợt khác", "the fact is one of another cycle"],
    "version-missing": ["thiếu sự kiện trước đó", "facts of its stream are missing before it"],
    "version-repeated": ["số thứ tự bị lặp", "its stream has had this version already"],
    "line-malformed": ["dòng không đúng định dạng", "the line is not written as it has to be"],
    "line-endings-changed": ["ký tự cuối dòng bị đổi", "lines end with a carriage return"],
    "byte-order-mark": ["có dấu BOM ở đầu", "the file begins with a byte order mark"],
    "line-unended": ["dòng cuối không kết thúc", "the last line does not end"],
    "line-too-long": ["dòng quá dài", "the line is too long; the rest is not read"],
    "batch-before-opening": ["phiếu có trước khi mở khảo sát", "nobody could answer before it"],
    "batch-unbalanced": ["đợt phiếu không khớp biên nhận", "it does not fit its receipts"],
    "answers-uninvited": ["nhiều phiếu hơn thư mời", "more answered than were invited"],
    "answers-beyond-links": ["nhiều phiếu hơn liên kết cho phép", "more than open links may take"],
    "answers-beyond-paper": ["nhiều phiếu hơn phiếu giấy đã nhập", "more than forms were entered"],
    "answers-beyond-rest": ["nhiều phiếu gộp hơn số còn lại", "more are mixed than may have come"],
  },
  signature: {
    "key-malformed": ["khóa không đúng định dạng", "a key is malformed or of another kind"],
    "checkpoint-malformed": ["không phải điểm kiểm tra", "it is no checkpoint"],
    "signature-wrong": ["chữ ký sai", "a signature of a known key is wrong"],
    "signature-unknown": ["chữ ký của khóa lạ", "it is signed by an unknown key"],
    "signature-missing": ["không có chữ ký của sổ", "the log has not signed it"],
  },
  history: {
    "checkpoint-misnamed": ["tên không khớp kích thước", "its name is not its size"],
    "size-differs": ["số mục khác", "there are not as many entries as it says"],
    "bundle-root-differs": ["gốc cây khác", "the root over all entries is another"],
    "checkpoint-of-another-log": ["của sổ khác", "it is one of another log"],
    "checkpoint-ahead": ["sổ bị cắt đuôi", "it is ahead of the entries: the tail was cut"],
    "checkpoint-root-differs": ["lịch sử bị viết lại", "these entries are not those signed"],
  },
  result: {
    "claim-misplaced": ["nêu ngoài luồng kết quả của đợt", "it stands in no stream of results"],
    "position-impossible": ["vị trí không thể có", "it rests on entries that do not precede it"],
    "root-differs": ["gốc cây khác", "the root of the entries it rests on is another"],
    "digest-differs": ["bảng đếm lại khác", "the table counted anew is another"],
    "revision-out-of-order": ["số lần công bố sai thứ tự", "its revision is not the next one"],
    "approval-missing": ["chưa được phê duyệt", "this table was not approved before"],
    hindered: ["có điều cản trở công bố", "the result could not be published"],
    "table-differs": ["bảng công bố khác", "it is not the table counted anew"],
  },
  copy: {
    "scheme-differs": ["khác bộ tiêu chí trong sổ", "it is not the scheme of the entry"],
    "evidence-differs": ["khác tài liệu trong sổ", "it is not what the entries say"],
  },
};

const KNOWN = new Map(
  Object.entries(CODES).flatMap(([name, codes]) =>
    Object.entries(codes).map(([code, [vi, en]]) => [code, { class: name, vi, en }]),
  ),
);

/** All faults that were found, each said once. */
export class Faults {
  #found = new Map();
  #places = new Set();

  /** Add a fault of a member or of the entry with a number (or of both, or of the whole). */
  add(code, { member = "", number = 0, details = "" } = {}) {
    const { class: name, vi, en } = KNOWN.get(code);
    const fault = { class: name, code, member, number, details, vi, en };
    const key = JSON.stringify([code, member, number, details]);
    if (!this.#found.has(key)) this.#found.set(key, fault);
    this.#places.add(JSON.stringify([name, member, number]));
  }

  /** All faults, the gravest class first, else as they were found. */
  all() {
    const found = [...this.#found.values()];
    return this.classes().flatMap((name) => found.filter((fault) => fault.class === name));
  }

  /** The classes that have faults, the gravest first. */
  classes() {
    const named = new Set([...this.#found.values()].map((fault) => fault.class));
    return [...EXITS.keys()].filter((name) => named.has(name));
  }

  /** Whether a member, or a claim of an entry, has a fault. */
  names({ member = "", number = 0, of = [...EXITS.keys()] }) {
    return of.some((name) => this.#places.has(JSON.stringify([name, member, number])));
  }
}
