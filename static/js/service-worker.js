// Shows what is pushed to this browser, and opens its page. It keeps no pages and stands between no requests.
self.addEventListener("push", (event) => {
  const { title, line, path, tag } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body: line, tag, data: { path } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data.path));
});

async function show(path) {
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = open.find((each) => each.url === url.href);
  await (there ? there.focus() : self.clients.openWindow(url.href));
}
