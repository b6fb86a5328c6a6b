// <crowd-badge label="3" icon="star" for="id">: a small mark, at the corner of the element with that id if one is named.

class CrowdBadge extends CrowdElement {
  static observedAttributes = ['label', 'icon'];

  render(root) {
    this.mark = h('span', { class: 'badge' });
    root.append(this.mark);
    this.attributeChangedCallback();
    const target = this.attribute('for') && this.getRootNode().getElementById(this.attribute('for'));
    if (target) new ResizeObserver(() => this.place(target)).observe(document.body);
  }

  attributeChangedCallback() {
    this.mark?.replaceChildren(makeIcon(this.attribute('icon')) ?? this.attribute('label'));
    this.mark?.setAttribute('title', this.attribute('label'));
  }

  place(target) {
    this.style.position = 'absolute';
    this.style.left = this.style.top = '0';
    const corner = target.getBoundingClientRect();
    const own = this.getBoundingClientRect();
    this.style.left = `${corner.right - own.left - own.width / 2}px`;
    this.style.top = `${corner.top - own.top - own.height / 2}px`;
  }
}

define('crowd-badge', CrowdBadge);
