"""What is found in a table that was published elsewhere, once it has been imported."""

MESSAGES = {
    # --- What was found: index and total
    "index-differs": (
        "chỉ số công bố {published}, tính được {computed}, chênh {difference}.",
        "the published index is {published}, the computed one {computed}, difference {difference}.",
    ),
    "index-within-rounding": (
        (
            "chỉ số công bố {published}, tính được {computed}, chênh {difference}: không quá mức "
            "làm tròn của các phần."
        ),
        (
            "the published index is {published}, the computed one {computed}, difference "
            "{difference}: no more than rounding its parts explains."
        ),
    ),
    "total-differs": (
        (
            "tổng điểm công bố {published}, cộng các cột được {computed}, chênh {difference}; "
            "không sửa bên nào."
        ),
        (
            "the published total is {published}, the columns add up to {computed}, difference "
            "{difference}; neither is corrected."
        ),
    ),
    "total-within-rounding": (
        (
            "tổng điểm công bố {published}, cộng các cột được {computed}, chênh {difference}: "
            "không quá mức làm tròn của các phần."
        ),
        (
            "the published total is {published}, the columns add up to {computed}, difference "
            "{difference}: no more than rounding its parts explains."
        ),
    ),
    "maximum-not-in-table": (
        (
            "{total} điểm được công bố là {published} %, trong khi trên thang của bộ tiêu chí là "
            "{computed} %. Bảng không có điểm tối đa áp dụng cho cơ quan này; suy ra {implied} "
            "(từ {least} đến {most}, do làm tròn). Không kết luận đúng hay sai."
        ),
        (
            "{total} points were published as {published} %, and are {computed} % on the scale of"
            " the scheme. The table does not hold the maximum that applied to this agency; "
            "implied is {implied} ({least} to {most}, by rounding). This neither agrees nor "
            "fails."
        ),
    ),
    "totals-alone": (
        (
            "Bảng chỉ có tổng điểm: điểm từng mục và điểm tối đa áp dụng cho từng cơ quan không "
            "có trong bảng; chỉ số được tính trên {maximum} điểm."
        ),
        (
            "The table holds totals alone: neither the points of items nor the maximum that "
            "applied to each agency are in it; indices are counted out of {maximum}."
        ),
    ),
    "index-alone": (
        "Bảng chỉ có chỉ số, được lấy làm điểm: không kiểm được chỉ số, chỉ kiểm được xếp hạng.",
        (
            "The table holds the index alone, taken for the points: the index cannot be checked, "
            "the ranks can."
        ),
    ),
    # --- What was found: ranks
    "rank-differs": (
        "hạng công bố {published}, tính được {computed}, chênh {difference}.",
        "the published rank is {published}, the computed one {computed}, difference {difference}.",
    ),
    "rank-among-equals": (
        "hạng công bố {published}, tính được {computed}: cùng chỉ số, thứ tự do nơi công bố chọn.",
        (
            "the published rank is {published}, the computed one {computed}: among equals the "
            "order was the publisher's choice."
        ),
    ),
    "rank-not-comparable": (
        (
            "hạng công bố {published}, tính được {computed}: không kết luận được, vì bảng không "
            "có điểm tối đa của mọi cơ quan."
        ),
        (
            "the published rank is {published}, the computed one {computed}: neither agrees nor "
            "fails, since the table does not hold the maximum of every agency."
        ),
    ),
    "rank-by-another-tie-rule": (
        (
            "hạng công bố {published}, tính được {computed} theo quy tắc đồng hạng “{rule}” của "
            "bộ tiêu chí, chênh {difference}: cùng chỉ số với cơ quan khác."
        ),
        (
            "the published rank is {published}, the computed one {computed} by the scheme's tie "
            "rule “{rule}”, difference {difference}: the index is that of another agency."
        ),
    ),
    "no-ranks": (
        "Bảng không có xếp hạng để đối chiếu.",
        "The table holds no ranks to compare with.",
    ),
    "rows-left-out": (
        (
            "Bảng không đầy đủ: có {there} trên {whole} cơ quan, thiếu các hạng {ranks}. Hạng chỉ"
            " được đối chiếu về thứ tự giữa các dòng có mặt; hạng tính được là hạng trong số đó."
        ),
        (
            "The table is partial: {there} of {whole} agencies are there, the ranks {ranks} are "
            "left out. Ranks are compared only as far as the order of the rows that are there; "
            "computed ranks are those among them."
        ),
    ),
    "ranks-left-out": (
        (
            "Bảng không đầy đủ: có {there} cơ quan, thiếu ít nhất các hạng {ranks}. Hạng chỉ được"
            " đối chiếu về thứ tự giữa các dòng có mặt; hạng tính được là hạng trong số đó."
        ),
        (
            "The table is partial: {there} agencies are there, at least the ranks {ranks} are "
            "left out. Ranks are compared only as far as the order of the rows that are there; "
            "computed ranks are those among them."
        ),
    ),
    "rows-left-out-uncounted": (
        (
            "Bảng không đầy đủ: có {there} cơ quan, không rõ thiếu bao nhiêu. Hạng chỉ được đối "
            "chiếu về thứ tự giữa các dòng có mặt."
        ),
        (
            "The table is partial: {there} agencies are there, how many are left out is not said."
            " Ranks are compared only as far as the order of the rows that are there."
        ),
    ),
    "order-agrees": (
        "Thứ tự của {there} dòng có mặt khớp với chỉ số tính được.",
        "The order of the {there} rows that are there agrees with the computed indices.",
    ),
    "order-differs": (
        "Thứ tự công bố không theo chỉ số tính được ở: {agencies}.",
        "The published order is not that of the computed indices at: {agencies}.",
    ),
    "order-not-comparable": (
        (
            "Thứ tự công bố không theo chỉ số tính được ở: {agencies}; không kết luận được, vì "
            "bảng không có điểm tối đa của mọi cơ quan."
        ),
        (
            "The published order is not that of the computed indices at: {agencies}. This neither"
            " agrees nor fails, since the table does not hold the maximum of every agency."
        ),
    ),
    "ranks-follow-stated": (
        (
            "Không có đồng hạng: các hạng công bố theo đúng các giá trị công bố bên cạnh, với mọi"
            " quy tắc đồng hạng; hạng chênh là do giá trị chênh."
        ),
        (
            "There are no ties: the published ranks follow from the values published beside them,"
            " under every tie rule; where a rank differs, it is because a value does."
        ),
    ),
    "ranks-follow-computed": (
        (
            "Không có đồng hạng: các hạng công bố theo đúng chỉ số tính được, với mọi quy tắc "
            "đồng hạng."
        ),
        (
            "There are no ties: the published ranks follow from the computed indices, under every"
            " tie rule."
        ),
    ),
    "ranks-against-stated": (
        "Các hạng công bố không theo chính các giá trị công bố bên cạnh.",
        "The published ranks do not follow from the values published beside them.",
    ),
    "equals-there": (
        "Có giá trị bằng nhau, hạng công bố trong ngoặc: {tied}.",
        "There are equal values, published ranks in brackets: {tied}.",
    ),
    "tie-rule-agrees": (
        "Theo quy tắc đồng hạng “{rule}”: khớp với các hạng công bố.",
        "Under the tie rule “{rule}” the published ranks agree.",
    ),
    "tie-rule-differs": (
        (
            "Theo quy tắc đồng hạng “{rule}”: không khớp; hạng sẽ là (công bố trong ngoặc): "
            "{departures}."
        ),
        (
            "Under the tie rule “{rule}” they do not; ranks would be (published in brackets): "
            "{departures}."
        ),
    ),
    "tie-rule-unknown": (
        "Không quy tắc đồng hạng nào cho ra các hạng công bố.",
        "No tie rule gives the published ranks.",
    ),
    # --- What was found: grades, and the decision
    "grade-differs": (
        "xếp loại công bố “{published}”, tính được “{computed}”.",
        "the published grade is “{published}”, the computed one “{computed}”.",
    ),
    "grade-unknown": (
        "bộ tiêu chí không có loại “{published}”.",
        "the scheme has no grade “{published}”.",
    ),
    "scheme-without-grades": (
        "Bảng có xếp loại nhưng bộ tiêu chí không có; không đối chiếu được.",
        "The table holds grades and the scheme has none; they cannot be compared.",
    ),
    "grade-bound-open": (
        (
            "Ranh giới loại “{grade}” chỉ biết nằm trên {above} và không quá {until}; ngưỡng "
            "{threshold} của bộ tiêu chí nằm trong khoảng đó, bảng không cho biết rõ hơn."
        ),
        (
            "The bound of the grade “{grade}” is known as an interval only, above {above} and up "
            "to {until}; the scheme's threshold {threshold} lies in it, and the table says no "
            "more."
        ),
    ),
    "grade-bound-outside": (
        (
            "Theo bảng, ranh giới loại “{grade}” nằm trên {above} và không quá {until}; ngưỡng "
            "{threshold} của bộ tiêu chí nằm ngoài khoảng đó."
        ),
        (
            "By the table the bound of the grade “{grade}” is above {above} and up to {until}; "
            "the scheme's threshold {threshold} lies outside."
        ),
    ),
    "decision-unknown": (
        (
            "Không biết quyết định công bố; đợt ghi “không nêu trong bảng”, ngày {on}. Có thể nói"
            " bằng --decision và --on."
        ),
        (
            "The decision of the publication is not known; the cycle says “not stated in the "
            "table”, {on}. It can be said with --decision and --on."
        ),
    ),
}
