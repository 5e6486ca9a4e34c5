<?php
return [
    'domain' => 'zugabe-thanks',
    'language' => 'de_DE',
    'messages' => [
        'Thank you. We are glad that you are here.' => 'Danke. Schön, dass du da bist.',
        'This is not JSON: paste the whole content of policy.json.' => 'Das ist kein JSON: Füge den ganzen Inhalt von policy.json ein.',
        'This is a program with your costs. It must stay private: publish it and paste the policy.' => 'Das ist ein Programm mit deinen Kosten. Es muss privat bleiben: Veröffentliche es und füge das Regelwerk ein.',
        'This JSON is no policy: "v", "options" and "cells" are missing.' => 'Dieses JSON ist kein Regelwerk: "v", "options" und "cells" fehlen.',
        'You may not change these settings.' => 'Du darfst diese Einstellungen nicht ändern.',
        'There is no coupon "%s" to take the terms from.' => 'Es gibt keinen Gutschein „%s“, dessen Bedingungen gelten könnten.',
        'Saved.' => 'Gespeichert.',
        'No codes were found in what you pasted.' => 'Im eingefügten Text wurden keine Codes gefunden.',
        '%1$d codes added, %2$d were there already, %3$d coupons made.' => '%1$d Codes hinzugefügt, %2$d waren schon da, %3$d Gutscheine angelegt.',
        '%d codes are no coupons in this shop, so they were left out: name a coupon whose terms they take, or bring the coupons in first.' => '%d Codes sind in diesem Shop keine Gutscheine und wurden ausgelassen: Nenne einen Gutschein, dessen Bedingungen sie übernehmen, oder lege die Gutscheine zuerst an.',
        'Only the first %d codes were taken: paste the rest once more.' => 'Nur die ersten %d Codes wurden übernommen: Füge den Rest noch einmal ein.',
        'Policy' => 'Regelwerk',
        'The content of policy.json, from the studio or from "zugabe publish". It is public and holds no costs.' => 'Der Inhalt von policy.json, aus dem Studio oder von „zugabe publish“. Es ist öffentlich und enthält keine Kosten.',
        'Terms of new coupons' => 'Bedingungen neuer Gutscheine',
        'The code of a coupon of yours. New codes become coupons with its terms, each for one use. Leave it empty when the codes are coupons already.' => 'Der Code eines deiner Gutscheine. Neue Codes werden Gutscheine mit seinen Bedingungen, jeder einmal einlösbar. Leer lassen, wenn die Codes schon Gutscheine sind.',
        'Add codes' => 'Codes hinzufügen',
        'One a line. %d codes are left.' => 'Einer je Zeile. %d Codes sind übrig.',
    ],
];
