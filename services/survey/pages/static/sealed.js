// Sends answers sealed (gửi kín): by a ballot that is signed unseen, see ballot.js.
//
// On the form it keeps the token back, and hands in what is filled in under an address without it.
// On the check page it gives the token for a ballot, waits, and sends the answers with the ballot.
// Where anything of it is missing, it changes nothing, and the form is the plain one.
//
// What it knows is kept by the tab (sessionStorage): that outlives a reload, ends with the tab, and
// is seen by no other person who uses the same browser later. A step is one of
//
//   given   the token is known, and used for nothing
//   begun   a ballot is drawn; the token may have been given for it
//   signed  the token was given for it; `tried` where the answers may have arrived
//           (the token lies beside the ballot here, and nowhere else, until they did)
//   cast    the answers arrived: only the receipt is left

import { BallotError, begin, cast, exchange, isPossible, pause } from "./ballot.js";

const SHOWN_EVERY_MS = 500;
const WITH_TOKEN = ["save", "forget", "plain"];
const OF_TOKEN = ["begun", "kind", "receipt"]; // Each would tell which token it came with.
const LIES = ["key-differs", "agency-differs", "signature-invalid", "reply-malformed"];
const OVER = { "exchange-over": "over", "exchange-ended": "ended" }; // It is about to close.
const UNCERTAIN = [0, 408, 429]; // And whatever says that the server failed.

const told = JSON.parse(document.getElementById("told").textContent);
const form = document.querySelector("main form");
const find = (id) => document.getElementById(id);
const button = (value) => form.querySelector(`button[value=${value}]`);

// --- What the tab keeps

function canKeep() {
  try {
    sessionStorage.setItem("probe", "");
    sessionStorage.removeItem("probe");
    return true;
  } catch {
    return false; // The reader does not allow it; the form is the plain one then.
  }
}

function kept() {
  return JSON.parse(sessionStorage.getItem(told.sealed));
}

function keep(state) {
  sessionStorage.setItem(told.sealed, JSON.stringify(state));
  return state;
}

// --- The form

/** Hand in without the token, but for a draft, which is kept under the address with it. */
function hand({ submitter }) {
  if (told.home && kept()?.home !== told.home) {
    const begun = form.elements.namedItem("begun").value;
    keep({ step: "given", home: told.home, begun });
  }
  if (told.hasDraft) keep({ ...kept(), hasDraft: true });
  const withToken = WITH_TOKEN.includes(submitter?.value);
  if (submitter?.value === "plain") submitter.value = "check"; // The plain check page comes next.
  form.setAttribute("action", withToken ? kept().home : told.sealed);
  for (const name of OF_TOKEN) {
    const field = form.elements.namedItem(name);
    if (field !== null) field.disabled = !withToken;
  }
  if (withToken && !told.home) addBegun();
}

/** So that whoever comes back to the plain way was not too quick. */
function addBegun() {
  const field = form.elements.namedItem("begun") ?? document.createElement("input");
  Object.assign(field, { type: "hidden", name: "begun", value: kept().begun ?? "" });
  form.append(field);
}

// --- The check page

async function send() {
  doing("preparing");
  try {
    await goThrough();
    showSent();
  } catch (error) {
    window.removeEventListener("beforeunload", ask);
    const known = error instanceof BallotError;
    showFailure(known ? error : new BallotError("no-answer", { cause: error }));
    if (!known) throw error;
  }
}

async function goThrough() {
  const { base, agency, key, slip, pauseS } = told;
  let state = kept();
  if (state.step === "given") state = keep({ ...state, ...(await begin(agency, key)) });
  window.addEventListener("beforeunload", ask);
  if (state.step === "begun") {
    const { home, hasDraft } = state;
    const token = decodeURIComponent(home.slice(home.lastIndexOf("/") + 1));
    state = keep({ ...(await exchange(base, token, state)), home, hasDraft });
  }
  if (state.hasDraft) state = keep({ ...state, hasDraft: !(await forgetDraft(state.home)) });
  doing("waiting");
  await waitFor(pauseS);
  doing("sending");
  state = keep({ ...state, tried: true });
  keep({ step: "cast", ...(await cast(base, state, slip)) });
  window.removeEventListener("beforeunload", ask);
}

/** Right behind the exchange, as the last request that knows the token; whether that was heard. */
async function forgetDraft(home) {
  try {
    return (await fetch(home, { method: "DELETE", cache: "no-store" })).ok;
  } catch {
    return false; // The draft ends with the survey then; that is no reason to lose the answers.
  }
}

async function waitFor([secondsMin, secondsMax]) {
  const [bar, began] = [find("waited"), performance.now()];
  bar.max = secondsMax;
  bar.hidden = false;
  const timer = setInterval(() => {
    bar.value = (performance.now() - began) / 1000;
  }, SHOWN_EVERY_MS);
  await pause(secondsMin, secondsMax);
  clearInterval(timer);
  bar.hidden = true;
}

function ask(event) {
  event.preventDefault(); // The browser asks whether to leave.
}

// --- What it shows

function say(name, more = "") {
  find("doing").hidden = false;
  find("said").textContent = [told.texts[name], more].join(" ").trim();
}

function doing(name) {
  find("actions").hidden = true;
  say(name);
  if (document.activeElement !== find("doing")) find("doing").focus();
}

function showFailure({ code, status }) {
  const state = kept();
  const { step, home, begun, hasDraft } = state;
  const certain = status < 500 && !UNCERTAIN.includes(status);
  if (LIES.includes(code)) say("lying");
  else if (step === "signed") {
    if (certain) keep({ ...state, tried: false });
    say(...(certain ? ["refused", code] : ["held"]));
  } else if (code === "token-spent") say("spent");
  else if (certain || code === "key-invalid" || step === "given") {
    keep({ step: "given", home, begun, hasDraft }); // The server took nothing.
    button("plain").hidden = false;
    say(OVER[code] ?? "plain");
  } else say("lost");
  showActions();
  button("send").hidden = code in OVER; // The plain way is the only one left.
  find("waited").hidden = true;
  find("doing").focus();
}

function showActions() {
  find("actions").hidden = false;
  button("send").hidden = false;
  button("edit").hidden = kept().tried === true; // What may have arrived cannot change any more.
}

function showSent() {
  const { receipt, again } = kept();
  for (const id of ["checked", "doing", "actions"]) find(id).hidden = true;
  if (again) say("again");
  find("receipt").textContent = receipt;
  find("sent").hidden = false;
  document.title = told.texts["sent-title"];
  find("title").textContent = document.title;
  find("title").classList.add("is-done");
  find("title").focus();
}

// --- Beginning

function openForm() {
  for (const each of document.querySelectorAll("[data-sealing]")) each.hidden = false;
}

function openCheck() {
  find("needs").hidden = true;
  if (kept().step === "cast") return showSent();
  if (kept().step !== "given") say("resumed");
  showActions();
}

function start() {
  if (!isPossible() || !canKeep() || !(told.home || kept())) return;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "send") return hand(event);
    event.preventDefault();
    send();
  });
  if (told.slip) openCheck();
  else openForm();
}

start();
