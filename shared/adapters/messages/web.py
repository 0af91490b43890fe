"""What the HTTP door says: of requests that are malformed, too large, or by nobody known."""

MESSAGES = {
    "bearer-token-expected": (
        "Tiêu đề Authorization phải có dạng: Bearer <mã truy cập>.",
        "Write the Authorization header as: Bearer <access token>.",
    ),
    "body-missing": (
        "Thiếu nội dung yêu cầu; hãy gửi nội dung JSON với Content-Type: application/json.",
        "The body is missing; send JSON with Content-Type: application/json.",
    ),
    "body-not-json": (
        "Nội dung phải là một đối tượng JSON, với Content-Type: application/json.",
        "Send a JSON object, with Content-Type: application/json.",
    ),
    "body-too-large": (
        "Nội dung lớn hơn {maximum} byte; hãy chia nhỏ rồi gửi lại.",
        "The body is larger than {maximum} bytes; send it in smaller parts.",
    ),
    "character-forbidden": (
        "Có ký tự điều khiển, ký tự không hợp lệ, hoặc quá 30 dấu trên một chữ; hãy xóa đi.",
        "It holds a control or invalid character, or over 30 marks on a letter; remove that.",
    ),
    "correlation-id-malformed": (
        "X-Correlation-Id gồm 1 đến 64 chữ cái không dấu, chữ số, dấu chấm, gạch dưới, gạch ngang.",
        "X-Correlation-Id has 1 to 64 ASCII letters, digits, dots, underscores or hyphens.",
    ),
    "cursor-malformed": (
        "Con trỏ trang không hợp lệ; hãy dùng đúng giá trị next của trang trước.",
        "This is no cursor; take it from next of the page before.",
    ),
    "encoding-malformed": (
        "Nội dung không phải là UTF-8; hãy mã hóa lại bằng UTF-8.",
        "The body is not UTF-8; encode it so.",
    ),
    "form-expected": (
        "Nội dung phải là biểu mẫu HTML (application/x-www-form-urlencoded).",
        "Send what an HTML form sends (application/x-www-form-urlencoded).",
    ),
    "form-too-large": (
        "Biểu mẫu có nhiều hơn {maximum} trường; hãy rút gọn.",
        "The form has more than {maximum} fields; send fewer.",
    ),
    "member-missing": ("Thiếu trường này; hãy bổ sung.", "This field is missing; add it."),
    "member-unknown": (
        "Không có trường nào tên như vậy; hãy bỏ đi hoặc sửa tên.",
        "No field has this name; remove it or correct the name.",
    ),
    "headers-too-large": (
        "Tiêu đề và địa chỉ của yêu cầu dài hơn {maximum} byte; hãy rút ngắn.",
        "The headers and the address are longer than {maximum} bytes; shorten them.",
    ),
    "idempotency-key-malformed": (
        "Idempotency-Key gồm 1 đến 128 ký tự ASCII nhìn thấy được, không có dấu cách.",
        "Idempotency-Key has 1 to 128 visible ASCII characters without spaces.",
    ),
    "idempotency-key-required": (
        "Thiếu tiêu đề Idempotency-Key; mỗi lệnh cần một mã riêng, giữ nguyên khi gửi lại.",
        "The header Idempotency-Key is missing; name each command, and repeat it by that name.",
    ),
    "if-match-malformed": (
        'If-Match phải là một ETag đã nhận được, ví dụ "57" (cả dấu ngoặc kép).',
        'If-Match is one ETag as it was received, such as "57", with its quotation marks.',
    ),
    "json-key-twice": (
        "Một đối tượng JSON có hai trường cùng tên; hãy giữ lại một trường.",
        "A JSON object has two fields of one name; keep one of them.",
    ),
    "json-malformed": (
        "JSON sai cú pháp ở dòng {line}, cột {column}.",
        "The JSON cannot be read at line {line}, column {column}.",
    ),
    "json-too-deep": (
        "JSON lồng nhau quá {maximum} tầng; hãy làm phẳng bớt.",
        "The JSON is nested more than {maximum} levels deep; flatten it.",
    ),
    "json-too-wide": (
        "Một đối tượng JSON có hơn {maximum} trường; hãy bớt lại.",
        "A JSON object has more than {maximum} fields; leave some out.",
    ),
    "line-broken": (
        "Trường này chỉ gồm một dòng; hãy bỏ dấu xuống dòng và dấu tab.",
        "This is one line; remove line breaks and tabs.",
    ),
    "array-too-long": (
        "Danh sách có nhiều hơn {maximum} phần tử; hãy chia nhỏ.",
        "The list has more than {maximum:element|elements}; split it.",
    ),
    "array-too-short": (
        "Danh sách cần ít nhất {minimum} phần tử.",
        "The list needs at least {minimum:element|elements}.",
    ),
    "method-not-allowed": (
        "Địa chỉ này không hỗ trợ phương thức đó; xem tiêu đề Allow.",
        "This address does not take the method; see the header Allow.",
    ),
    "not-acceptable": (
        "Chỉ trả lời được dưới dạng {offered}; hãy sửa tiêu đề Accept. Chưa có gì được thực hiện.",
        "The answer can be given as {offered} alone; correct the header Accept. Nothing was done.",
    ),
    "number-not-finite": (
        "{number} không phải là một số dùng được; điểm số viết dưới dạng văn bản thập phân.",
        "{number} is no number to count with; write points as decimal text.",
    ),
    "number-above": ("Số không được vượt quá {bound}.", "The number is above {bound}."),
    "number-too-long": (
        "Số nguyên dài hơn {maximum} ký tự; hãy kiểm tra lại.",
        "An integer has more than {maximum} characters; check it.",
    ),
    "number-below": ("Số không được nhỏ hơn {bound}.", "The number is below {bound}."),
    "path-unknown": (
        "Không có địa chỉ này; xem các địa chỉ ở trang /docs của dịch vụ.",
        "There is nothing at this address; see the pages at /docs of the service.",
    ),
    "pattern-differs": (
        "Giá trị phải là {pattern:words}.",
        "The value has to be {pattern:words}.",
    ),
    "request-invalid": (
        "Yêu cầu có chỗ sai; hãy xem từng chỗ trong errors, sửa rồi gửi lại.",
        "The request has flaws; correct each that errors lists, and send it again.",
    ),
    "request-malformed": (
        "Không đọc được yêu cầu; hãy kiểm tra lại cách gửi.",
        "The request cannot be read; check how it is sent.",
    ),
    "text-blank": (
        "Trường này đang trống; hãy viết nội dung.",
        "This is blank; write something.",
    ),
    "string-too-long": (
        "Văn bản dài hơn {maximum} ký tự; hãy rút gọn.",
        "The text has more than {maximum:character|characters}; shorten it.",
    ),
    "string-too-short": (
        "Văn bản cần ít nhất {minimum} ký tự.",
        "The text needs at least {minimum:character|characters}.",
    ),
    "time-malformed": (
        "Thời gian viết theo ISO 8601, ví dụ 2021-11-15T08:00:00+07:00 hoặc 2021-11-15.",
        "Write a time by ISO 8601, such as 2021-11-15T08:00:00+07:00 or 2021-11-15.",
    ),
    "time-out-of-range": (
        "Năm phải từ 1900 đến 2199; hãy kiểm tra lại.",
        "The year has to be one of 1900 to 2199; check it.",
    ),
    "time-zone-missing": (
        "Thời điểm phải kèm múi giờ, ví dụ +07:00.",
        "Say the zone of the time, such as +07:00.",
    ),
    "token-expired": (
        "Mã truy cập đã hết hạn; hãy đăng nhập lại hoặc lấy mã mới.",
        "The access token has expired; sign in again or get a new one.",
    ),
    "token-invalid": (
        "Mã truy cập không hợp lệ ở hệ thống này; hãy đăng nhập lại hoặc lấy mã mới.",
        "The access token is not valid here; sign in again or get a new one.",
    ),
    "too-busy": (
        "Hệ thống đang bận ({maximum} yêu cầu cùng lúc); hãy gửi lại sau ít giây.",
        "The system is busy ({maximum} requests at once); send this again in a few seconds.",
    ),
    "too-many-at-once": (
        "Bạn đang gửi quá nhiều yêu cầu cùng lúc (tối đa {maximum}); hãy đợi trả lời rồi gửi tiếp.",
        "You ask too much at once ({maximum} at most); wait for answers before you ask for more.",
    ),
    "too-many-requests": (
        "Bạn gửi quá {maximum} yêu cầu trong {window} giây ({policy}); hãy đợi {seconds} giây.",
        "You sent more than {maximum} requests in {window} seconds ({policy}); wait {seconds} s.",
    ),
    "sign-in-needed": (
        "Việc này cần đăng nhập: hãy gửi kèm mã truy cập của người được giao (Authorization).",
        "This needs a sign-in: send the access token of somebody who may do it (Authorization).",
    ),
    "took-too-long": (
        "Không có trả lời trong {seconds} giây; hãy gửi lại, nói hai lần không gây hại.",
        "There was no answer within {seconds} seconds; send it again, twice does no harm.",
    ),
    "types-wrong": (
        "Giá trị phải thuộc một trong các kiểu JSON {expected}.",
        "The value has to be of one of the JSON types {expected}.",
    ),
    "type-wrong": (
        "Giá trị phải có kiểu JSON là {expected}.",
        "The value has to be of the JSON type {expected}.",
    ),
    "unexpected": (
        "Hệ thống gặp lỗi và đã ghi lại; hãy thử lại, nếu vẫn lỗi xin báo quản trị viên.",
        "The system failed and has taken note; try again, and tell the administrator if it stays.",
    ),
    "value-malformed": (
        "Giá trị không hợp lệ; xem kiểu dữ liệu ở trang /docs của dịch vụ.",
        "The value is not valid; see its type in the pages at /docs of the service.",
    ),
    "value-not-allowed": (
        "Giá trị phải là một trong: {allowed}.",
        "The value has to be one of: {allowed}.",
    ),
}
