"""Why a table that was published elsewhere is not imported, and what to do about it."""

MESSAGES = {
    # --- The import as a whole
    "table-refused": (
        "Không nhập bảng này: {count} lỗi, đã nêu {told}. Chưa ghi gì vào hệ thống.",
        "The table is not imported. Flaws: {count}, told: {told}. Nothing was recorded.",
    ),
    "cycle-holds-something-else": (
        (
            "Đợt {cycle} đã có và khác với lần nhập này (bảng, bộ tiêu chí hoặc tùy chọn khác). "
            "Không có gì thay đổi; hãy đặt tên khác bằng --cycle."
        ),
        (
            "The cycle {cycle} is there already, made of something else (another table, scheme or"
            " option). Nothing has changed; choose another name with --cycle."
        ),
    ),
    "cycle-name-unfit": (
        (
            "Tên đợt “{cycle}” không hợp lệ; dùng chữ thường không dấu, số, dấu chấm, dấu gạch "
            "nối, ví dụ moha-2012."
        ),
        (
            "“{cycle}” cannot name a cycle; use small letters, digits, dots and hyphens, such as "
            "moha-2012."
        ),
    ),
    "year-needed": (
        "Không rõ năm của đợt {cycle}; hãy thêm --year, ví dụ --year 2012.",
        "The year of the cycle {cycle} is not known; add --year, such as --year 2012.",
    ),
    "source-missing": (
        "Bảng không nói lấy từ đâu; hãy thêm dòng “# Source: ...” ở đầu tệp, hoặc --source.",
        (
            "The table does not say where it comes from; add a line “# Source: ...” at its"
            " top, or --source."
        ),
    ),
    "source-too-long": (
        "Nguồn của bảng dài quá {maximum} ký tự; hãy ghi ngắn hơn bằng --source.",
        "The source has more than {maximum} characters; say it shorter with --source.",
    ),
    "scheme-tier-twice": (
        "Có hai bộ tiêu chí cho cùng một cấp {tier}; mỗi cấp chỉ có một.",
        "Two schemes are for the same tier {tier}; a tier has one.",
    ),
    "import-too-large": (
        "Bảng quá lớn cho một lần nhập: {size} byte, tối đa {maximum}. Hãy chia thành nhiều đợt.",
        "The table is too large for one import: {size} bytes, {maximum} at most. Divide it.",
    ),
    "count-unfinished": (
        "Đã ghi bảng nhưng chưa tính xong; hãy chạy lại đúng lệnh này.",
        "The table is recorded but not counted to the end; run the same command again.",
    ),
    "flaw-said": ("Hệ thống trả lời: {said}", "The system answers: {said}"),
    # --- The file
    "table-empty": (
        "Tệp không có bảng nào; dòng đầu không có dấu # phải là tên các cột.",
        "The file holds no table; its first line without # has to be the headings.",
    ),
    "table-without-rows": (
        "Bảng chỉ có tên cột, không có dòng nào.",
        "The table has headings and no rows.",
    ),
    "table-too-large": (
        "Tệp lớn hơn {maximum} byte; một bảng kết quả không lớn như vậy.",
        "The file has more than {maximum} bytes, which no table of results has.",
    ),
    "table-rows-too-many": (
        "Bảng có hơn {maximum} dòng; hãy chia thành nhiều đợt.",
        "The table has more than {maximum} rows; divide it into several cycles.",
    ),
    "table-columns-too-many": (
        "Bảng có hơn {maximum} cột; hãy bỏ bớt các cột không dùng.",
        "The table has more than {maximum} columns; take out those that are not needed.",
    ),
    "table-not-utf8": (
        "Tệp không phải UTF-8; hãy lưu lại dạng “CSV UTF-8” (Excel: Lưu thành → CSV UTF-8).",
        "The file is not UTF-8; save it as “CSV UTF-8” (in Excel: Save As → CSV UTF-8).",
    ),
    "table-control-character": (
        "Dòng này có ký tự điều khiển; hãy xuất lại bảng dạng văn bản thuần.",
        "The line holds a control character; export the table again as plain text.",
    ),
    "table-separator": (
        (
            "Các cột cách nhau bằng “{separator}”; hãy lưu lại với dấu phẩy giữa các cột và dấu "
            "chấm trong số thập phân."
        ),
        (
            "The columns are separated by “{separator}”; save the table with commas between "
            "columns and points in decimals."
        ),
    ),
    "table-quotes": (
        'Dấu ngoặc kép mở ở dòng này không được đóng đúng; hãy viết “"..."” quanh cả ô.',
        (
            "The quotes that open on this line are not closed as they should be; put them around "
            "whole cells."
        ),
    ),
    "comment-below-headings": (
        "Dòng chú thích # chỉ được đứng trên tên cột; hãy chuyển lên đầu tệp hoặc xóa đi.",
        "A comment stands above the headings only; move this line to the top, or delete it.",
    ),
    "row-too-long": (
        (
            "Dòng có {cells} ô mà bảng chỉ có {columns} cột; ô có dấu phẩy phải đặt trong ngoặc "
            "kép, số thập phân viết dấu chấm (87.12)."
        ),
        (
            "The row has {cells} cells and the table {columns} columns; a cell with a comma needs"
            " quotes, and decimals have a point (87.12)."
        ),
    ),
    "row-too-short": (
        "Dòng có {cells} ô mà bảng có {columns} cột; hãy điền cho đủ.",
        "The row has {cells} cells and the table {columns} columns; fill it up.",
    ),
    "cell-too-long": (
        "Một ô của dòng dài quá {maximum} ký tự.",
        "A cell of the row has more than {maximum} characters.",
    ),
    # --- The columns
    "heading-empty": (
        "Cột này không có tên; hãy đặt tên, hoặc xóa cột.",
        "The column has no heading; give it one, or delete it.",
    ),
    "heading-repeated": (
        "Có hai cột cùng tên; hãy đổi tên một cột.",
        "Two columns have this heading; rename one.",
    ),
    "column-unknown": (
        (
            "Không rõ cột này là gì; hãy nói bằng --column “{column}=...”, hoặc bỏ qua bằng "
            "“{column}=ignore”."
        ),
        (
            "Nobody knows what this column means; say it with --column “{column}=...”, or leave "
            "it out with “{column}=ignore”."
        ),
    ),
    "column-twice": (
        (
            "Cột này và cột “{other}” cùng có nghĩa {meaning}; hãy bỏ qua một cột bằng --column "
            "“{column}=ignore”."
        ),
        (
            "This column and “{other}” both mean {meaning}; leave one out with --column "
            "“{column}=ignore”."
        ),
    ),
    "column-not-there": (
        "--column nói đến cột không có trong bảng; các cột: {known}.",
        "--column speaks of a column that is not in the table; there are: {known}.",
    ),
    "meaning-unknown": (
        "--column gán nghĩa “{meaning}” không có; có thể là: {known}.",
        "--column gives the meaning “{meaning}”, which is none of: {known}.",
    ),
    "name-column-missing": (
        "Thiếu cột tên cơ quan; hãy thêm, hoặc chỉ ra bằng --column TÊN_CỘT=name.",
        "There is no column of names; add it, or point to it with --column HEADING=name.",
    ),
    "tier-column-missing": (
        "Có nhiều bộ tiêu chí nhưng bảng không có cột cấp; hãy chỉ ra bằng --column TÊN_CỘT=tier.",
        "There are several schemes and no column of tiers; point to it with --column HEADING=tier.",
    ),
    "item-columns-missing": (
        (
            "Thiếu cột điểm cho các mục {items} của bộ tiêu chí {scheme}; hãy thêm, hoặc chỉ ra "
            "bằng --column TÊN_CỘT=MÃ_MỤC."
        ),
        (
            "There are no columns for the items {items} of the scheme {scheme}; add them, or "
            "point to them with --column HEADING=ITEM."
        ),
    ),
    # --- The cells
    "cell-empty": (
        (
            "Ô trống: không áp dụng hay thiếu số liệu? Viết “-” nếu không áp dụng, hoặc thêm "
            "--empty not-applicable nếu mọi ô trống đều như vậy."
        ),
        (
            "The cell is empty: not applicable, or missing? Write “-” where it does not apply, or"
            " add --empty not-applicable if that is what every empty cell means."
        ),
    ),
    "decimal-comma": (
        "“{text}” dùng dấu phẩy thập phân; hãy viết dấu chấm, như 87.12.",
        "“{text}” has a decimal comma; write a point, as in 87.12.",
    ),
    "number-unreadable": (
        "“{text}” không phải là số; hãy viết số thập phân như 87.12, không có % hay chữ.",
        "“{text}” is no number; write a plain decimal such as 87.12, without % or words.",
    ),
    "number-below-zero": (
        "“{text}” là số âm; điểm và chỉ số không âm.",
        "“{text}” is negative; points and indices are not.",
    ),
    "whole-number-expected": (
        "“{text}” không phải là số nguyên từ 1 đến 100000.",
        "“{text}” is no whole number from 1 to 100000.",
    ),
    "cell-above-maximum": (
        (
            "{text} điểm vượt điểm tối đa {maximum} của mục {item}; hãy kiểm tra số liệu hoặc bộ "
            "tiêu chí."
        ),
        (
            "{text} points are more than the maximum {maximum} of item {item}; check the number "
            "or the scheme."
        ),
    ),
    "cell-excepted": (
        "Theo bộ tiêu chí, mục {item} không áp dụng cho {agency}; ô phải là “-”.",
        "By the scheme item {item} does not apply to {agency}; the cell has to be “-”.",
    ),
    "cell-of-another-tier": (
        "Bộ tiêu chí {scheme} của cấp này không có mục {item}; ô phải là “-”.",
        "The scheme {scheme} of this tier has no item {item}; the cell has to be “-”.",
    ),
    "tier-unfit": (
        "Không có bộ tiêu chí cho cấp của dòng này; các cấp đã có: {known}.",
        "No scheme is for the tier of this row; there are: {known}.",
    ),
    "name-missing": ("Dòng này không có tên cơ quan.", "The row names no agency."),
    "name-without-letters": (
        "Không lập được mã từ tên “{name}”; hãy thêm một cột mã (code).",
        "No code can be made from the name “{name}”; add a column of codes.",
    ),
    "code-unfit": (
        "“{text}” không phải là mã cơ quan; dùng chữ thường không dấu, số, dấu gạch nối.",
        "“{text}” is no code of an agency; use small letters, digits and hyphens.",
    ),
    "name-repeated": (
        "“{name}” đã có ở dòng {other_line}; mỗi cơ quan chỉ có một dòng.",
        "“{name}” stands on line {other_line} already; an agency has one row.",
    ),
    "code-repeated": (
        (
            "“{name}” và “{other}” (dòng {other_line}) có cùng mã {agency}; hãy đổi một tên, hoặc"
            " thêm một cột mã (code)."
        ),
        (
            "“{name}” and “{other}” (line {other_line}) have the same code {agency}; change a "
            "name, or add a column of codes."
        ),
    ),
}
