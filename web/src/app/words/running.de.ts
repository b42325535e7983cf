/** Wörter für Pläne, Live-Modus, Formulare und Reihen. */

import type { RUNNING_EN } from "./running.en";

export const RUNNING_DE: Readonly<Record<keyof typeof RUNNING_EN, string>> = {
  "state.planned": "wird laufen",
  "plan.none": "Nichts zu berechnen",
  "plan.some": "{run} von {all} Knoten werden laufen",
  "plan.about": "{some}, etwa {seconds} s",
  "plan.least": "{some}, {seconds} s oder mehr",
  "plan.will": "Er wird laufen: seine Antwort ist noch nicht bekannt.",
  "command.live": "Live: jede Änderung läuft",
  "command.form": "Formular statt Graph",
  "command.sweep": "Eingaben durchprobieren",
  "form.title": "Formular",
  "form.nothing": "Dieser Graph hat keine öffentlichen Eingaben.",
  "form.noResult": "Lass ihn laufen, um das Ergebnis zu sehen.",
  "form.back": "Graph zeigen",
  "form.results": "Ergebnisse",
  "sweep.title": "Eingaben durchprobieren",
  "sweep.across": "Nach rechts",
  "sweep.down": "Nach unten",
  "sweep.none": "nichts",
  "sweep.values": "Werte, mit Kommas getrennt",
  "sweep.start": "{count} laufen lassen",
  "sweep.cells": "{done} von {all} fertig",
  "sweep.cancel": "Abbrechen",
  "sweep.bad": "{text} passt nicht zu dieser Eingabe.",
  "sweep.open": "Diese Zelle öffnen",
  "history.restore": "Mit genau diesem Graphen und diesen Eingaben öffnen",
};
