// The switch for pushes: shown where the browser can be told, pressed like any other form once it knows how.
const on = document.querySelector("form[data-push]");
const off = document.querySelector("form[data-push-off]");
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function bytes(key) {
  const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

async function subscribed(form) {
  // Under its plain name: another name would be another worker.
  await navigator.serviceWorker.register(form.dataset.worker, { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  // One of an earlier key of the town cannot be told any more.
  await (await pushManager.getSubscription())?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) });
}

async function switchOn(form) {
  const line = form.querySelector("[role=status]");
  line.textContent = "";
  if ((await Notification.requestPermission()) !== "granted") {
    line.textContent = line.dataset.denied;
    return;
  }
  try {
    const { endpoint, keys } = (await subscribed(form)).toJSON();
    for (const [name, value] of Object.entries({ endpoint, ...keys })) form.elements[name].value = value;
    form.submit();
  } catch {
    line.textContent = line.dataset.failed;
  }
}

async function switchOff(form) {
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  await subscription?.unsubscribe().catch(() => false); // ours is forgotten on the server, whatever the browser does
  form.submit();
}

function listen(form, act) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await act(form);
    event.submitter?.removeAttribute("aria-busy");
  });
}

if (able && on) listen(on, switchOn);
if (able && off) listen(off, switchOff);
if (!able) document.querySelector("[data-push-unable]")?.removeAttribute("hidden");
for (const section of document.querySelectorAll("[data-push-section]")) section.hidden = !able && !off;
