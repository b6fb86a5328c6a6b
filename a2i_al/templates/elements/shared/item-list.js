// The shapes or regions on a picture as a list beside it: each can be chosen and removed there, without seeing the picture.
// One stop of the Tab key; arrow keys move, Delete removes.

class ItemList {
  constructor(title, { onselect, onremove }) {
    this.onselect = onselect;
    this.onremove = onremove;
    this.count = h('span', { class: 'count' });
    this.rows = h('ul', { class: 'items', 'aria-labelledby': 'items' });
    this.empty = h('p', { class: 'nothing' });
    this.element = h('section', { class: 'drawn' },
      h('h3', { id: 'items' }, title, ' ', this.count), this.empty, this.rows);
    this.rows.onkeydown = (event) => this.move(event);
  }

  row(index) {
    const select = h('button', { class: 'item', type: 'button', onclick: () => this.onselect(index) },
      h('span', { class: 'dot' }), h('span', { class: 'label' }), h('span', { class: 'detail' }));
    const remove = h('button', { class: 'quiet remove', type: 'button', tabindex: -1, onclick: () => this.onremove(index) }, '✕');
    return h('li', {}, select, remove);
  }

  // items: [{label, colour, detail}]; rows are kept as long as they can be, so that the focus stays where it is.
  show(items, selected, { fixed = false, nothing = '' } = {}) {
    const focused = [...this.rows.children].findIndex((row) => row.contains(this.rows.getRootNode().activeElement));
    while (this.rows.children.length > items.length) this.rows.lastChild.remove();
    while (this.rows.children.length < items.length) this.rows.append(this.row(this.rows.children.length));
    const stop = items[selected] ? selected : 0;
    items.forEach((item, index) => {
      const [select, remove] = this.rows.children[index].children;
      const [dot, label, detail] = select.children;
      dot.style.background = item.colour;
      label.textContent = item.label;
      detail.textContent = item.detail;
      select.tabIndex = index === stop ? 0 : -1;
      select.setAttribute('aria-current', String(index === selected));
      remove.hidden = fixed;
      remove.setAttribute('aria-label', `Remove ${item.label}`);
    });
    this.count.textContent = items.length || '';
    this.empty.textContent = items.length ? '' : nothing;
    if (focused >= items.length && items.length) this.focus(items.length - 1);
  }

  focus(index) {
    this.rows.children[index]?.firstChild.focus();
  }

  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const from = [...this.rows.children].findIndex((row) => row.contains(event.target));
    const to = from + step;
    if (!step || event.altKey || event.shiftKey || !this.rows.children[to]) return;
    event.preventDefault();
    this.onselect(to);
    this.focus(to);
  }
}
