import { sql } from "kysely";

/** Why a task ended with its buyer's data: the one note that names nobody, and stays when data are taken out again. */
export const erasedNote = "The buyer's data were erased.";

/**
 * What of an order is about a person, taken out: more steps of a `with` statement that has the orders in a step `gone (id)`.
 *
 * Facts that are nothing else (the buyer, the address, reviews, consents) go; of the others, and of tasks, what people wrote, where a parcel was scanned, and what
 * opens the buyer's page at the shop or the carrier. Of mails go their recipient, what they were made from, and what the server answered, which often
 * names the recipient. What happened and when stays, and so does the ledger, whose reasons name parcels no more. The caller clears `email` and `buyer_name` of the order's row.
 */
export const personalDataGone = sql`
  facts_gone as (
    delete from facts where order_id in (select id from gone)
      and (slot in ('buyer', 'address') or slot like 'review:%' or slot like 'consent:%')
  ), words_gone as (
    update facts set says = says || case
        when slot = 'order' then '{"url": null}'::jsonb
        when slot like 'shipment:%' then '{"trackingNumber": null, "trackingUrl": null}'::jsonb
        when slot like 'scan:%' then '{"description": null, "location": null}'::jsonb
        when slot like 'case:%' then '{"reason": null, "outcome": null}'::jsonb
        when slot like 'choice:%' then '{"note": null}'::jsonb
        when slot like 'report:%' then '{"text": null}'::jsonb
        when slot like 'action:%' then '{"fields": {}}'::jsonb
        else '{"reason": null}'::jsonb
      end
    where order_id in (select id from gone)
      and (slot in ('order', 'cancellation') or slot like 'shipment:%' or slot like 'scan:%' or slot like 'case:%'
        or slot like 'choice:%' or slot like 'report:%' or slot like 'action:%')
  ), tasks_gone as (
    update tasks set words = null, note = case when note = ${erasedNote} then note end
    where order_id in (select id from gone) and (words is not null or note <> ${erasedNote})
  ), numbers as (
    select order_id, string_agg(regexp_replace(says->>'trackingNumber', '\\W', '\\\\\\&', 'g'), '|') as pattern
    from facts where order_id in (select id from gone) and slot like 'shipment:%' and says->>'trackingNumber' <> ''
    group by order_id
  ), numbers_gone as (
    update messages set because = regexp_replace(because::text, pattern, '…', 'g')::jsonb
    from numbers where messages.order_id = numbers.order_id and because::text ~ pattern
  ), mails_gone as (
    update attempts set input = null, recipient = null, answer = null
    where message_id in (select id from messages where order_id in (select id from gone))
      and (input is not null or recipient is not null or answer is not null)
    returning 1
  )`;
