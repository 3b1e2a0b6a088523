import { plural } from "./plural.ts";
import type { BuyerWords } from "./words.ts";

export const fr: BuyerWords = {
  lang: "fr",
  ownName: "Français",
  order: {
    title: (number) => `Commande ${number}`,
    hello: (name) => (name === null ? "Bonjour, " : `Bonjour ${name}, `),
    line: (number, placed, city) =>
      [`Commande ${number}`, placed === null ? null : `passée le ${placed}`, city === null ? null : `destination ${city}`]
        .filter(Boolean)
        .join(", "),
    headline: {
      waiting: "nous préparons votre commande.",
      partly: "une partie de votre commande est en route.",
      onTheWay: "votre commande est en route.",
      delivered: "votre commande est arrivée.",
      returned: "votre colis revient chez nous.",
      cancelled: "votre commande a été annulée.",
    },
    parcel: (index, of) => (of === 1 ? "Votre colis" : `Colis ${index} sur ${of}`),
    contents: "Dans ce colis",
    carrier: "Transporteur",
    tracking: "Numéro de suivi",
    dispatched: "Parti de chez nous le",
    latest: "Dernières nouvelles",
    window: "Arrive d’habitude",
    scans: {
      in_transit: "Il est en route vers vous.",
      customs: "Il est à la douane de votre pays. La plupart des colis en sortent en quelques jours.",
      out_for_delivery: "Il est en cours de livraison aujourd’hui.",
      delivered: "Il a été livré.",
      exception: "Le transporteur signale un retard. En général, le colis repart de lui-même.",
      returned: "Il nous a été renvoyé.",
      ready_for_pickup: "Il vous attend au point de retrait.",
    },
    noScan: "Pas encore de nouvelles du transporteur. Il faut souvent quelques jours avant le premier relevé.",
    nextTitle: "La suite",
    next: {
      waiting: (by) =>
        by === null
          ? "Vous recevrez un e-mail avec le numéro de suivi dès son départ."
          : `Elle part au plus tard le ${by}. Vous recevrez alors un e-mail avec le numéro de suivi.`,
      onTheWay: (latest) => `Si elle n’est pas chez vous le ${latest}, dites-le-nous : nous chercherons où elle se trouve.`,
      overdue: (latest) =>
        `Elle aurait dû arriver avant le ${latest}. Si vous ne l’avez pas reçue, dites-le-nous : nous trouverons une solution.`,
      delivered:
        "Vous ne trouvez pas le colis ? Demandez à vos voisins et regardez là où les colis sont déposés. S’il reste introuvable, dites-le-nous.",
      returned: "Nous vous écrirons pour vous dire comment il vous parviendra tout de même.",
      cancelled: "Plus rien ne sera envoyé. Si vous ne l’avez pas demandé, dites-le-nous.",
      partly: "Vous recevrez un e-mail avec un numéro de suivi quand le reste partira.",
    },
    gone: "Ce lien ne mène à aucune commande.",
    goneHelp: "Ouvrez-le à nouveau depuis l’e-mail, ou répondez à cet e-mail : une personne lira votre réponse.",
  },
  notice: {
    reported: "Merci de nous l’avoir dit. Une personne va lire votre message.",
    chosen: "Merci, votre choix nous est bien parvenu.",
    reviewed: "Merci, votre avis nous est bien parvenu.",
    saved: "C’est enregistré. Nous vous écrirons ainsi désormais.",
  },
  help: {
    title: "Pouvons-nous vous aider ?",
    send: "Envoyer",
    answerBy: (day) => `Nous vous répondrons au plus tard le ${day}.`,
    photo: "Une photo nous aide. Répondez à l’un de nos e-mails et joignez-la.",
    "not-arrived": {
      title: "Ma commande n’est pas arrivée",
      steps: [
        "Regardez les dates sur cette page. Les colis qui viennent de loin arrivent souvent vers la fin de ce délai.",
        "Demandez à vos voisins et regardez là où les colis sont déposés d’habitude.",
        "Toujours rien, ou vous avez un doute ? Dites-le-nous. Nous demanderons au transporteur où se trouve le colis. S’il est perdu, vous choisirez : un nouvel envoi ou un remboursement.",
      ],
      label: "Quelque chose que nous devrions savoir",
      received: (on) => `Le ${on}, vous nous avez dit que rien n’est arrivé. Nous demandons au transporteur où se trouve le colis.`,
    },
    problem: {
      title: "Il y a un problème",
      steps: ["Dites-nous avec vos mots ce qui ne va pas.", "Gardez le colis jusqu’à notre réponse."],
      label: "Ce qui ne va pas",
      received: (on) => `Le ${on}, vous nous avez signalé un problème. Une personne s’en occupe.`,
    },
  },
  choice: {
    recommended: "Notre conseil",
    by: (day) => `Merci de choisir avant le ${day}.`,
    note: "Quelque chose à ajouter",
    send: "C’est mon choix",
    chosen: (on) => `Votre choix du ${on} :`,
    change: "Changer mon choix",
    changeHint: "Vous pouvez changer d’avis tant que nous n’avons rien engagé.",
    settled: "C’est réglé. S’il reste une question, écrivez-nous.",
    over: (day) => `Vous pouviez choisir ici jusqu’au ${day}. Il n’est pas trop tard : écrivez-nous.`,
    cause: "Ce que nous avons constaté",
    proposal: "Ce que nous proposons",
    steps: "Comment cela se passerait",
    "delivery-late": {
      title: "Votre colis est en retard. Que devons-nous faire ?",
      lead: "Il devrait déjà être chez vous. Nous en sommes désolés. C’est vous qui décidez de la solution.",
      options: {
        resend: { name: "Le renvoyer", means: "Nous vous envoyons les mêmes articles une seconde fois, à nos frais." },
        refund: { name: "Me rembourser", means: "Vous récupérez ce que vous avez payé pour ce colis, par le même moyen de paiement." },
      },
    },
    "dispatch-late": {
      title: "Nous sommes en retard. Que devons-nous faire ?",
      lead: "Votre commande n’est pas partie à la date promise. Nous en sommes désolés. C’est vous qui décidez de la suite.",
      options: {
        wait: { name: "J’attends", means: "Nous l’envoyons dès que possible, et vous recevez un e-mail à son départ." },
        cancel: {
          name: "Annuler ma commande",
          means: "Nous n’envoyons rien, et vous êtes entièrement remboursé par le même moyen de paiement.",
        },
      },
    },
    "review-recovery": {
      title: "Comment pouvons-nous arranger cela ?",
      lead: "Merci pour votre franchise. Nous sommes désolés que tout n’ait pas été comme prévu. C’est vous qui décidez, et votre avis reste tel quel.",
      options: {
        resend: { name: "M’en envoyer un nouveau", means: "Cela ne vous coûte rien. Le port aussi est à nos frais." },
        refund: { name: "Me rembourser", means: "Vous récupérez ce que vous avez payé, par le même moyen de paiement." },
        talk: { name: "Je préfère en parler", means: "Une personne vous écrit." },
      },
    },
    "dispute-proposal": {
      title: "Notre proposition",
      lead: "Cela vous convient-il ? Rien ne vous oblige à accepter, et vos droits restent les mêmes.",
      options: {
        accept: { name: "J’accepte", means: "Nous faisons ce qui est écrit ci-dessus." },
        talk: { name: "Je préfère en parler", means: "Une personne vous écrit." },
      },
    },
  },
  feedback: {
    title: "Alors, comment était-ce ?",
    lead: "Bon ou mauvais, votre avis nous intéresse.",
    stars: "Votre note",
    star: plural("fr", { one: "# étoile", other: "# étoiles" }),
    worst: "mauvais",
    best: "excellent",
    text: "Avec vos mots",
    send: "Envoyer mon avis",
    given: (stars, on) => `Vous avez donné ${stars} le ${on}.`,
    change: "Changer mon avis",
    everyone: "Tous les acheteurs peuvent aussi laisser un avis public :",
    link: (shop) => `Donner un avis sur ${shop}`,
  },
  mails: {
    title: "Les e-mails que vous recevez",
    lead: "Décochez ce que vous ne souhaitez pas. Cela vaut pour toutes vos commandes chez nous.",
    care: { name: "Des questions sur votre commande", means: "Pour savoir si le colis est arrivé et si tout va bien." },
    review: { name: "Des demandes d’avis", means: "Une au plus par commande, et un rappel." },
    offer: { name: "Des offres", means: "Seulement si vous les avez acceptées." },
    order: {
      name: "Les nouvelles de vos commandes",
      means: "Envois, retards, remboursements. Elles font partie de la commande et arrivent toujours.",
    },
    stoppedByShop: "Nous ne vous les envoyons pas en ce moment. Pour changer cela, écrivez-nous.",
    save: "Enregistrer",
  },
  form: {
    optional: "facultatif",
    tooLong: "C’est trop long : 2 000 caractères au plus. Merci de raccourcir.",
    noStars: "Merci de choisir de 1 à 5 étoiles.",
    noWords: "Dites-nous en quelques mots ce qui ne va pas.",
    noOption: "Merci de choisir une des possibilités.",
    notNow: "Ce n’est plus possible ici. Écrivez-nous plutôt.",
    tooFast: "C’était trop souvent. Attendez une minute, puis réessayez.",
    failed: "Cela n’a pas fonctionné. Rien n’a été changé. Réessayez dans une minute.",
    back: "Retour à votre commande",
  },
  writeTo: (shop) => `Écrire à ${shop}`,
  languages: "Cette page dans d’autres langues",
  unsubscribe: {
    title: "Ne plus recevoir ces e-mails",
    ask: "Voulez-vous ne plus recevoir ces e-mails ?",
    explain: "Rien ne change tant que vous n’avez pas appuyé sur le bouton.",
    kind: "Seulement ce type d’e-mail",
    optional: "Tous les e-mails qui me demandent ou me proposent quelque chose",
    confirm: "Ne plus les recevoir",
    doneTitle: "C’est fait",
    done: "Vous ne recevrez plus ces e-mails. Vous n’avez rien d’autre à faire et pouvez fermer cette page.",
    tooFast: "C’était trop souvent. Attendez une minute, puis réessayez.",
    failed: "Cela n’a pas fonctionné. Rien n’a été changé. Réessayez dans une minute.",
  },
};
