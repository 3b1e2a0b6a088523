/** Traditional characters, each followed by its simplified form, as far as the words of the rules and their neighbours need them. */
const pairs =
  "評评價价負负給给請请刪删發发優优滿满聯联繫系係系們们後后爭争議议糾纠紛纷訴诉關关閉闭開开購购買买賣卖禮礼賠赔償偿補补紅红現现錢钱減减號号個个與与對对會会沒没還还為为這这時时間间問问題题貨货質质體体驗验實实際际應应該该讓让說说話话語语覺觉點点" +
  "擊击擇择選选內内單单據据圖图讚赞獎奖勵励積积傭佣貼贴兌兑換换領领獲获線线賬账戶户帳账碼码務务專专業业態态嚴严懲惩責责從从來来過过進进門门檻槛嗎吗麼么無无論论處处寫写運运輸输報报稅税額额層层級级類类別别統统計计網网頁页鏈链結结轉转銀银幣币萬万" +
  "億亿兩两極极惡恶誠诚懇恳謝谢幫帮顆颗願愿於于終终緊紧動动確确認认則则賓宾條条須须衛卫護护權权誹诽謗谤榮荣譽誉損损虛虚偽伪將将勸劝調调變变審审撥拨闆板電电郵邮訊讯續续協协書书長长僅仅絕绝歡欢覽览舊旧聲声約约復复覆复隨随當当經经齊齐難难項项費费" +
  "隱隐贈赠親亲啟启見见參参劵券員员傳传險险聽听寶宝遲迟達达產产壞坏尋寻僱雇懷怀並并餘余歸归屬属樣样種种輕轻雙双備备檢检誤误滯滞暫暂較较靜静順顺顧顾";

export const hanSimplified: ReadonlyMap<string, string> = new Map(
  Array.from({ length: pairs.length / 2 }, (_, index): [string, string] => [pairs.charAt(2 * index), pairs.charAt(2 * index + 1)]),
);
