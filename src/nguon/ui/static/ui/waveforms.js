/* Waveforms of players, asked for when a player comes into sight: a page may have fifty. */

const TRIES = 6; // for one that is still being drawn

const inSight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      inSight.unobserve(target);
      ask(target, TRIES);
    }
  },
  { rootMargin: "200px" },
);

async function ask(root, tries) {
  let answer;
  try {
    answer = await fetch(root.dataset.peaks, { headers: { Accept: "application/octet-stream" } });
  } catch {
    return; // without a line there is no waveform, and the player plays on
  }
  if (answer.status === 202 && tries > 1 && root.isConnected) {
    const wait = Number(answer.headers.get("Retry-After") || 3);
    window.setTimeout(() => ask(root, tries - 1), 1000 * wait);
  } else if (answer.status === 200 && !answer.redirected) {
    root.player.show(new Uint8Array(await answer.arrayBuffer()));
  }
}

/** Have the player of this element show its waveform once somebody can see it. */
export function whenSeen(root) {
  if (root.dataset.peaks) inSight.observe(root);
}
