// Exchange the token of the address for a cookie that no script can read; the token leaves the address at once.
const says = document.getElementById("says");
const ask = document.getElementById("ask");

async function open(token) {
  const answer = await fetch("/api/v1/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  });
  return answer.ok;
}

async function known() {
  return (await fetch("/api/v1/session")).ok;
}

function show(inside) {
  says.textContent = inside ? "The server is ready. Use it from Python or the command line." : "This server needs its token.";
  ask.hidden = inside;
}

ask.addEventListener("submit", async (event) => {
  event.preventDefault();
  show(await open(document.getElementById("token").value));
});

const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", location.pathname);
show(token ? await open(token) : await known());
