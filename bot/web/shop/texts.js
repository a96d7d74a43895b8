/**
 * The demo shop's own words. What they promise is what shop/policy.yml says; a tile's question
 * is what the shop's visitors ask about that category.
 */

const hans = {
  title: "小二演示商店",
  brand: "小二演示商店",
  viewShop: "逛逛",
  viewChat: "客服",
  help: "帮助中心",
  shopper: "我是",
  visitor: "访客（未登录）",
  headline: "买前问一句，买后有人管",
  lead: "这是一家演示用的小店。商品和订单都是虚构的，客服小二是真能用的：查物流、办退货、问发票怎么开，找它就好。",
  promises: ["7 天无理由退货", "满 99 元包邮（多数地区）", "48 小时内发货", "人工客服 9:00–22:00"],
  categories: "逛逛分类",
  categoriesHint: "点一个分类，看看可以怎么问。",
  tiles: {
    electronics: ["数码", "这款耳机防水吗？"],
    appliances: ["家电", "电热水壶保修多久？"],
    clothing: ["服饰", "连衣裙的尺码怎么选？"],
    shoes: ["鞋靴", "跑鞋 42 码有货吗？"],
    beauty: ["美妆", "敏感肌能用这款防晒霜吗？"],
    home: ["家居", "法兰绒盖毯能机洗吗？"],
    toys: ["玩具", "积木适合几岁的孩子？"],
    food: ["食品", "咖啡豆能退吗？"],
  },
  examples: "不知道问什么？",
  examplesHint: "点一句，它会填进聊天框，改好再发送。",
  footer: "演示商店，不产生真实交易。",
};

const hant = {
  title: "小二示範商店",
  brand: "小二示範商店",
  viewShop: "逛逛",
  viewChat: "客服",
  help: "說明中心",
  shopper: "我是",
  visitor: "訪客（未登入）",
  headline: "下單前先問，收到後也有人顧",
  lead: "這是一間示範用的小店，商品與訂單皆為虛構，客服小二則可以實際使用：查物流、辦退貨、詢問發票，都能找它。",
  promises: ["七天無理由退貨", "港澳台運費 ¥30，4–7 天送達", "48 小時內出貨", "人工客服 9:00–22:00"],
  categories: "商品分類",
  categoriesHint: "點選分類，看看可以怎麼問。",
  tiles: {
    electronics: ["3C 數位", "這款耳機防水嗎？"],
    appliances: ["家電", "快煮壺保固多久？"],
    clothing: ["服飾", "洋裝的尺寸怎麼挑？"],
    shoes: ["鞋靴", "慢跑鞋 42 號還有貨嗎？"],
    beauty: ["美妝", "敏感肌可以用這款防曬乳嗎？"],
    home: ["居家", "法蘭絨蓋毯可以機洗嗎？"],
    toys: ["玩具", "積木適合幾歲的小朋友？"],
    food: ["食品", "咖啡豆可以退嗎？"],
  },
  examples: "不知道怎麼問？",
  examplesHint: "點一句就會帶入對話框，修改後再送出。",
  footer: "示範商店，不會產生實際交易。",
};

const en = {
  title: "Xiaoer Demo Shop",
  brand: "Xiaoer Demo Shop",
  viewShop: "Shop",
  viewChat: "Chat",
  help: "Help",
  shopper: "I am",
  visitor: "A visitor (not signed in)",
  headline: "Ask before you buy. Covered after.",
  lead: "This is a small demo shop. The products and orders are made up, but Xiaoer, the assistant, really works: parcels, returns, how invoices work: just ask.",
  promises: ["7-day no-reason returns", "Free delivery from ¥99 in most of mainland China", "Ships within 48 hours", "People on chat 9:00–22:00 (China time)"],
  categories: "Browse the shop",
  categoriesHint: "Pick a category for something to ask.",
  tiles: {
    electronics: ["Electronics", "Are these headphones waterproof?"],
    appliances: ["Appliances", "How long is the warranty on the kettle?"],
    clothing: ["Clothing", "What size dress should I get?"],
    shoes: ["Shoes", "Do you have the running shoes in size 42?"],
    beauty: ["Beauty", "Is the sunscreen OK for sensitive skin?"],
    home: ["Home", "Can the flannel throw be machine-washed?"],
    toys: ["Toys", "What age are the building blocks for?"],
    food: ["Food", "Can I return coffee beans?"],
  },
  examples: "Not sure what to ask?",
  examplesHint: "Pick one. It goes into the chat box for you to edit and send.",
  footer: "A demo shop. Nothing here is a real sale.",
};

export const TEXTS = { "zh-Hans": hans, "zh-Hant": hant, en };

/** Questions anybody may ask, by language. */
export const EXAMPLES = {
  "zh-Hans": ["多少钱包邮？", "退货运费谁出？", "电子发票怎么开？", "优惠券可以叠加吗？"],
  "zh-Hant": ["寄到台灣運費多少？", "退貨的運費誰付？", "電子發票怎麼開？", "優惠券可以一起用嗎？"],
  en: ["How much is delivery?", "Who pays for return postage?", "How do I get an invoice?", "Can I use two coupons together?"],
};

/** Questions about the orders that a demo customer has. */
export const CUSTOMER_EXAMPLES = {
  C1001: ["我的快递到哪了？", "XE20260002 想退货", "买完降价了，能退差价吗？", "积分怎么用？"],
  C1002: ["XE20260004 可以改地址嗎？", "訂單還沒出貨，我想取消", "寄到香港運費多少？", "優惠券可以一起用嗎？"],
  C1003: ["Where’s my refund for XE20260006?", "I’d like to return something from XE20260005", "Can I return a personalised item?", "Do you take Visa?"],
};
