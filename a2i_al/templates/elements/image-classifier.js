// <crowd-image-classifier> and <crowd-image-classifier-multi-select>: categories for a picture, with an optional comment.
// They answer as the other classifiers, with "workerComment" if one was written.

const TINY = 160; // pixels; a picture smaller than this is enlarged by a whole factor, every pixel a crisp square
const ENLARGED = 320;

function makePicture(src, alt, overlay = null) {
  const image = h('img', { class: 'picture', alt });
  const frame = h('div', { class: 'picture-frame' }, image);
  image.onload = () => {
    if (overlay) showOverlay(overlay, image, frame);
    const longer = Math.max(image.naturalWidth, image.naturalHeight);
    if (longer > TINY || longer === 0) return;
    image.classList.add('tiny');
    image.style.width = `${image.naturalWidth * Math.floor(ENLARGED / longer)}px`;
  };
  image.onerror = () => {
    frame.replaceChildren(h('p', { class: 'problem', role: 'alert' }, `The picture cannot be shown: ${addressOf(src)}`));
  };
  image.src = src;
  if (!src) image.onerror();
  return frame;
}

const Pictured = (Classifier) => class extends Classifier {
  target() {
    return makePicture(this.attribute('src'), this.attribute('alt', 'The picture to judge'), this.parsed('overlay', null));
  }

  extras() {
    const wanted = this.querySelector(':scope > worker-comment');
    if (!wanted) return null;
    this.slotChildren('worker-comment'); // to a slot that is not there: its attributes say it all
    const label = wanted.getAttribute('header') ?? 'Comment';
    this.comment = h('textarea', { rows: 2, 'aria-label': label, placeholder: wanted.getAttribute('placeholder') });
    return h('details', { class: 'comment' }, h('summary', {}, wanted.getAttribute('link-text') ?? label), this.comment);
  }

  get answer() {
    const comment = this.comment?.value.trim();
    return this.value && comment ? { ...this.value, workerComment: comment } : this.value;
  }
};

define('crowd-image-classifier', Pictured(CrowdClassifier));
define('crowd-image-classifier-multi-select', Pictured(CrowdClassifierMultiSelect));
