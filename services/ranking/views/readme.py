"""What a bundle says to people who open it, in Vietnamese and in English."""

from shared.count.bundle import Manifest

_TEXT = """\
# Chỉ số CCHC: gói kiểm chứng của đợt {cycle} · bundle of the cycle {cycle}

- {size} dữ kiện / facts
- {checkpoints} điểm kiểm tra / checkpoints
- {publications} lần công bố / publications
- sổ cái / ledger: {origin}
- gốc Merkle / root: {root}

## Tiếng Việt

Gói này chứa mọi thứ mà kết quả công bố dựa vào. Không cần tin chúng tôi, không cần mạng hay cơ
sở dữ liệu: ai có gói và chương trình kiểm chứng (hoặc tự viết theo đặc tả cchc-bundle.v1) đều
tính lại được từng bảng, đến từng byte.

    python -m shared.verify GÓI.zip --checkpoint ĐIỂM-KIỂM-TRA --key KHÓA

- `facts.ndjson`: mọi dữ kiện của đợt, mỗi dòng một dữ kiện, theo thứ tự của sổ cái.
- `schemes/`: các bộ tiêu chí, tên tệp là số thứ tự của dữ kiện đã ban hành.
- `evidence.ndjson`: mã băm SHA-256 của từng tài liệu kiểm chứng. Bản thân tài liệu không nằm
  trong gói: chúng thuộc phần mềm tự chấm điểm, mà dịch vụ xếp hạng không truy cập. Ai có tệp
  thì đối chiếu mã băm.
- `checkpoints/`: các điểm kiểm tra đã ký (C2SP, Ed25519), cùng chữ ký của bên chứng kiến.
- `tables/`: bảng kết quả của từng lần công bố, dạng chuẩn tắc.
- `catalogue.json`: ý nghĩa của từng loại dữ kiện (AsyncAPI).

Không nằm trong gói:

- khóa của nội dung do người viết (lý do, giải trình): nội dung ấy được niêm phong, và khóa đã
  đưa ra ngoài thì không còn hủy được;
- tài liệu kiểm chứng (xem trên), chỉ có mã băm;
- dữ kiện đứng ngoài sổ cái: những dữ kiện còn chờ một dữ kiện đứng trước, và những dữ kiện được
  gửi lại với nội dung khác. Chúng cản trở việc công bố, nhưng từ gói này không ai thấy được;
- thời điểm từng dữ kiện được ghi vào sổ cái. Thời điểm trong dữ kiện là do dịch vụ đã ghi nêu ra.

Tệp README.md này và catalogue.json không được kiểm chứng: đừng dựa vào số liệu ở đây. Khóa
trong `bundle.json` do chính hệ thống đưa ra: hãy lấy khóa và một điểm kiểm tra từ nơi khác
(quyết định công bố, bên chứng kiến). Phần đứng sau điểm kiểm tra đó, riêng người vận hành vẫn
có thể viết lại.

## English

This file holds everything that the published results rest on. You need not believe us, nor have
a network or a database: whoever has the file and the verifier (or writes one, by the
specification cchc-bundle.v1) counts every table again, byte by byte.

    python -m shared.verify BUNDLE.zip --checkpoint CHECKPOINT --key KEY

- `facts.ndjson`: every fact of the cycle, one a line, in the order of the ledger.
- `schemes/`: the schemes, called by the number of the fact that brought each.
- `evidence.ndjson`: the SHA-256 of each piece of evidence. The documents themselves are left
  out: they belong to the service of self-scores, which ranking cannot reach. Whoever has a file
  compares hashes.
- `checkpoints/`: the signed checkpoints (C2SP, Ed25519), with the lines of witnesses.
- `tables/`: the table of each publication, in its canonical form.
- `catalogue.json`: what each kind of fact means (AsyncAPI).

What is not in it:

- the keys of what people wrote (reasons, explanations): that is sealed, and a key that went out
  could not be shredded any more;
- documents of evidence (see above), only their hashes;
- facts beside the ledger: those that wait for one before them, and those that were told again
  with other bytes. They hinder a publication, but nobody can see them from here;
- when each entry took its place in the ledger. The time in a fact is that which its service says.

This README.md and catalogue.json are not verified: rely on no number that stands here. The keys
in `bundle.json` come from the system itself: get the key, and a checkpoint, from elsewhere (the
published decision, a witness). What lies behind that checkpoint the operator alone could still
rewrite.
"""


def text(manifest: Manifest, publications: int) -> bytes:
    """The README of a bundle."""
    return _TEXT.format(
        cycle=manifest.cycle,
        size=manifest.size,
        root=manifest.root,
        origin=manifest.origin,
        checkpoints=len(manifest.checkpoints),
        publications=publications,
    ).encode()
