// Who else has this article open, and which claim.
import { listed } from "./parts.js";

const list = document.getElementById("here");
const MOST = 4;
let known = null;

const initials = (name) => {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => Array.from(word)[0]) : Array.from(words[0] ?? name).slice(0, 2);
  return letters.join("").toUpperCase();
};

const numberOf = (id) => document.querySelector(`a.number[data-number="${CSS.escape(id)}"]`)?.lastChild.textContent.trim();

function entry({ name, claims }) {
  const item = document.createElement("li");
  const sign = document.createElement("span");
  sign.className = "initials";
  sign.setAttribute("aria-hidden", "true");
  sign.textContent = initials(name);
  item.append(sign, name);
  const chosen = document.querySelector("#claim")?.dataset.statement;
  for (const claim of claims) {
    const number = numberOf(claim);
    if (!number) continue;
    const link = document.createElement("a");
    link.href = `#mark-${claim}`;
    link.textContent = String(claim) === chosen ? "this claim" : `claim ${number}`;
    item.append(" · ", link);
  }
  return item;
}

export function showHere(people, say) {
  const names = people.map(({ name }) => name);
  const came = known === null ? names : names.filter((name) => !known.includes(name));
  if (came.length) say(`${listed(came)} ${came.length > 1 ? "are" : "is"} here.`);
  known = names;
  const shown = people.slice(0, MOST).map(entry);
  if (people.length > MOST) {
    const more = document.createElement("li");
    more.textContent = `and ${people.length - MOST} more`;
    shown.push(more);
  }
  list.replaceChildren(...shown);
  list.hidden = !people.length;
}
