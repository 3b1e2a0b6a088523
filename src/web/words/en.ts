import type { BuyerWords } from "./words.ts";

export const en: BuyerWords = {
  lang: "en",
  ownName: "English",
  order: {
    title: (number) => `Order ${number}`,
    hello: (name) => (name === null ? "Hello, " : `Hello ${name}, `),
    line: (number, placed, city) =>
      [`Order ${number}`, placed === null ? null : `placed on ${placed}`, city === null ? null : `going to ${city}`]
        .filter(Boolean)
        .join(", "),
    headline: {
      waiting: "we are getting your order ready.",
      partly: "part of your order is on its way.",
      onTheWay: "your order is on its way.",
      delivered: "your order has arrived.",
      returned: "your parcel is coming back to us.",
      cancelled: "your order was cancelled.",
    },
    parcel: (index, of) => (of === 1 ? "Your parcel" : `Parcel ${index} of ${of}`),
    carrier: "Carrier",
    tracking: "Tracking number",
    dispatched: "Left us on",
    latest: "Latest news",
    window: "Usually arrives",
    scans: {
      in_transit: "It is travelling to you.",
      customs: "It is with customs in your country. Most parcels leave customs within a few days.",
      out_for_delivery: "It is out for delivery today.",
      delivered: "It was delivered.",
      exception: "The carrier reports a delay. Usually it goes on by itself.",
      returned: "It was sent back to us.",
      ready_for_pickup: "It is ready for you to collect.",
    },
    noScan: "No news from the carrier yet. The first scan often takes some days to show.",
    nextTitle: "What happens next",
    next: {
      waiting: (by) =>
        by === null
          ? "You get a mail with the tracking number as soon as it leaves."
          : `It leaves by ${by}. You get a mail with the tracking number then.`,
      onTheWay: (latest) => `If it is not with you by ${latest}, tell us and we will find out where it is.`,
      overdue: (latest) => `It should have been with you by ${latest}. Please tell us if it is not there, and we will put it right.`,
      delivered: "If you can't find it, ask your neighbours and look where parcels are left. If it stays missing, tell us.",
      returned: "We will write to you about how to get it to you after all.",
      cancelled: "Nothing more will be sent. If you did not ask for this, tell us.",
      partly: "You get a mail with a tracking number when the rest leaves.",
    },
    helpTitle: "Can we help?",
    notArrived: "It has not arrived",
    problem: "Something is wrong with it",
    back: "Back to your order",
    gone: "This link leads to no order.",
    goneHelp: "Please open it from the mail again, or answer that mail: a person reads it.",
  },
  help: {
    "not-arrived": {
      title: "It has not arrived",
      steps: [
        "Look at the dates on this page: parcels from far away often come near the end of that time.",
        "Ask your neighbours, and look where parcels are usually left.",
        "Write to us if it is late or you are unsure. We will ask the carrier, and send it again or give your money back if it is lost.",
      ],
      subject: (number) => `Order ${number}: it has not arrived`,
      body: (number) => `Hello,\n\nmy order ${number} has not arrived yet.\n\n`,
    },
    problem: {
      title: "Something is wrong with it",
      steps: [
        "Take a photo of what is wrong and of the parcel's label. It helps us to help you quickly.",
        "Keep the parcel until you hear from us.",
        "Write to us. You choose what we do: send a new one, or give your money back.",
      ],
      subject: (number) => `Order ${number}: something is wrong`,
      body: (number) => `Hello,\n\nsomething is wrong with my order ${number}:\n\n(Please say what, and attach a photo if you can.)\n\n`,
    },
  },
  writeTo: (shop) => `Write to ${shop}`,
  unsubscribe: {
    title: "Stop these mails",
    ask: "Do you want to stop these mails?",
    explain: "Nothing changes until you press the button.",
    kind: "Only this kind of mail",
    optional: "All mails that ask me something or offer me something",
    confirm: "Stop them",
    doneTitle: "Done",
    done: "You will not get these mails any more. You need not do anything else, and you can close this page.",
    tooFast: "That was too often. Please wait a minute and try again.",
    failed: "That did not work just now. Nothing was changed. Please try again in a minute.",
  },
};
