/**
 * Words for the codes that tickets carry: reasons, topics, names and values of facts. A code
 * without words is shown as it is.
 */

const hans = {
  asked_for_person: "顾客要求人工", accepted_offer: "顾客同意转人工", not_understood: "小二没听懂", assistant_down: "小二出了故障", broken_promise: "承诺没有兑现",
  emotion: "情绪", anger: "顾客生气了", distress: "顾客很着急", threat: "扬言投诉或曝光",
  low: "低", normal: "普通", high: "高", urgent: "紧急",
  topic: "主题", order_number: "订单号", return_reason: "退货原因", note: "备注",
  changed_mind: "不想要了", size: "尺寸不合适", quality: "质量问题", damaged: "收到时破损", wrong_item: "发错货", missing: "少件", other: "其他",
  track_order: "查物流", delivery_problem: "配送问题", cancel_order: "取消订单", change_address: "改地址",
  return_item: "退货", return_policy: "退换货规则", exchange_item: "换货", refund_status: "查退款", invoice: "发票",
  payment_issue: "支付问题", coupon_promotion: "优惠券与活动", price_protection: "价保", product_question: "商品咨询",
  stock: "库存", warranty_repair: "保修", shipping_fee_policy: "运费与时效", account_login: "账号登录",
  membership_points: "会员积分", complaint: "投诉", feedback: "意见反馈", chitchat: "闲聊", out_of_scope: "超出范围",
  promises: "答应过顾客的", broken_promises: "没有兑现的承诺", promise: "承诺", reference: "单号", due_at: "期限",
  refund: "退款到账", dispatch: "发货", inquiry: "快递核查答复", resend: "补发", exchange: "换货", repair: "维修", call_back: "回电话",
  returns: "退货", "zh-Hans": "简体中文", "zh-Hant": "繁体中文", en: "英文", zh: "中文",
};

const hant = {
  asked_for_person: "顧客要求真人", accepted_offer: "顧客同意轉接", not_understood: "小二聽不懂", assistant_down: "小二發生故障", broken_promise: "承諾未兌現",
  emotion: "情緒", anger: "顧客生氣了", distress: "顧客很著急", threat: "揚言申訴或公開",
  low: "低", normal: "一般", high: "高", urgent: "緊急",
  topic: "主題", order_number: "訂單編號", return_reason: "退貨原因", note: "備註",
  changed_mind: "不想要了", size: "尺寸不合", quality: "品質問題", damaged: "送達時破損", wrong_item: "寄錯商品", missing: "缺件", other: "其他",
  track_order: "查詢物流", delivery_problem: "配送問題", cancel_order: "取消訂單", change_address: "更改地址",
  return_item: "退貨", return_policy: "退換貨規定", exchange_item: "換貨", refund_status: "退款進度", invoice: "發票",
  payment_issue: "付款問題", coupon_promotion: "優惠券與活動", price_protection: "買貴退差價", product_question: "商品問題",
  stock: "庫存", warranty_repair: "保固維修", shipping_fee_policy: "運費與時程", account_login: "帳號登入",
  membership_points: "會員點數", complaint: "客訴", feedback: "意見回饋", chitchat: "閒聊", out_of_scope: "非服務範圍",
  promises: "答應過顧客的", broken_promises: "未兌現的承諾", promise: "承諾", reference: "單號", due_at: "期限",
  refund: "退款入帳", dispatch: "出貨", inquiry: "物流查件回覆", resend: "補寄", exchange: "換貨", repair: "維修", call_back: "回電",
  returns: "退貨", "zh-Hans": "簡體中文", "zh-Hant": "繁體中文", en: "英文", zh: "中文",
};

const en = {
  asked_for_person: "Asked for a person", accepted_offer: "Said yes to a person", not_understood: "Xiaoer didn’t understand", assistant_down: "Xiaoer had a fault", broken_promise: "A promise wasn’t kept",
  emotion: "Mood", anger: "Customer is angry", distress: "Customer is in distress", threat: "Says they will take it further",
  low: "Low", normal: "Normal", high: "High", urgent: "Urgent",
  topic: "Topic", order_number: "Order", return_reason: "Return reason", note: "Note",
  changed_mind: "Changed their mind", size: "Wrong size or fit", quality: "Faulty", damaged: "Arrived damaged", wrong_item: "Wrong item", missing: "Something missing", other: "Other",
  track_order: "Where is my order", delivery_problem: "Delivery problem", cancel_order: "Cancel an order", change_address: "Change of address",
  return_item: "Return", return_policy: "Return rules", exchange_item: "Exchange", refund_status: "Refund status", invoice: "Invoice",
  payment_issue: "Payment problem", coupon_promotion: "Coupons and offers", price_protection: "Price protection", product_question: "Product question",
  stock: "Stock", warranty_repair: "Warranty and repair", shipping_fee_policy: "Delivery fees and times", account_login: "Account and login",
  membership_points: "Membership points", complaint: "Complaint", feedback: "Feedback", chitchat: "Small talk", out_of_scope: "Out of scope",
  promises: "Promised to the customer", broken_promises: "Promises not kept", promise: "Promise", reference: "Reference", due_at: "Due",
  refund: "Refund paid", dispatch: "Order sent", inquiry: "Answer about a parcel", resend: "Replacement sent", exchange: "Exchange done", repair: "Repair done", call_back: "Call back",
  returns: "Returns", "zh-Hans": "Simplified Chinese", "zh-Hant": "Traditional Chinese", en: "English", zh: "Chinese",
};

const CODES = { "zh-Hans": hans, "zh-Hant": hant, en };

/** The words for a code in a language. */
export function wordFor(code, language) {
  return Object.hasOwn(CODES[language], code) ? CODES[language][code] : String(code);
}

/** A summary with its codes in words: the desk joins codes, facts and a quotation by dots. */
export function summaryWords(summary, language) {
  return String(summary ?? "").split(" · ").map((part) => wordFor(part, language)).join(" · ");
}
