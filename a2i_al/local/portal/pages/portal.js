// On every page: signing out; and the list of tasks looks after itself.

document.getElementById('sign-out')?.addEventListener('click', async ({ target }) => {
  const reply = await fetch(target.dataset.action, { method: 'POST', headers: { 'X-CSRF': '1' } });
  location.assign(target.dataset.portal + (await reply.json()).next.replace(/^\/portal/, ''));
});

// Look for new tasks while nothing waits and somebody looks on.
if (document.querySelector('.empty')) {
  setInterval(async () => {
    if (document.hidden) return;
    const reply = await fetch(location.pathname).catch(() => null);
    if (reply?.ok && (await reply.text()).includes('class="jobs"')) location.replace(location.pathname);
  }, 4000);
}
