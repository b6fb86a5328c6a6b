// <crowd-card heading="…" image="…">: a framed part of the page.

class CrowdCard extends CrowdElement {
  render(root) {
    const heading = this.attribute('heading');
    const image = this.attribute('image');
    root.append(h('section', { class: 'card', 'aria-label': heading || null },
      image ? h('img', { src: image, alt: '' }) : null,
      h('div', { class: 'body' }, heading ? h('h2', {}, heading) : null, h('slot'))));
  }
}

define('crowd-card', CrowdCard);
