import { InvalidInputError, type Random, seededRandom } from 'graft-learn'

/** How training images are changed; each is off at 0 or false. */
export interface Augmentation {
  /** A random crop keeps at least `1 − crop` of the image's area, 0 to 0.95; its sides differ by up to 4 : 3. */
  readonly crop: number
  /** Whether half of the images are mirrored, left to right. */
  readonly flip: boolean
  /** Brightness, contrast and saturation are multiplied by factors of `1 − colour … 1 + colour`, 0 to 1. */
  readonly colour: number
}

/** The usual strengths for fine-tuning on photographs. */
export const defaultAugmentation: Augmentation = { crop: 0.5, flip: true, colour: 0.2 }

/**
 * One random look at an image. What is drawn follows from seed, number (of the view or the epoch) and the image's bytes
 * alone, so that it is the same wherever the file lies and whatever else is read.
 */
export interface View extends Augmentation {
  readonly seed: number
  readonly number: number
}

/** What was drawn for one image. */
export interface DrawnView {
  /** Part of the image that is kept, as shares of its width and height; null for all of it, with the usual resizing. */
  readonly crop: { readonly left: number; readonly top: number; readonly width: number; readonly height: number } | null
  readonly flip: boolean
  /** Factors, 1 for no change. */
  readonly brightness: number
  readonly contrast: number
  readonly saturation: number
}

const LARGEST_CROP = 0.95
/** Sides of a crop, width to height, of the image's own (Szegedy et al. 2015). */
const ASPECT = 4 / 3

/** Throws `InvalidInputError` for strengths out of range. */
export function checkAugmentation({ crop, colour }: Augmentation): void {
  const check = (name: string, value: number, most: number) => {
    if (value >= 0 && value <= most) return
    throw new InvalidInputError(`augmentation ${name}: expected 0 to ${most}, got ${value}`)
  }
  check('crop', crop, LARGEST_CROP)
  check('colour', colour, 1)
}

/** Draws a view of the image whose content has this name (a hash). */
export function drawView(view: View, content: string): DrawnView {
  checkAugmentation(view)
  // Streams of their own, so that switching one change on or off leaves the others as they are.
  const random = seededRandom(view.seed).fork(`view ${view.number}`).fork(content)
  const colour = random.fork('colour')
  const factor = () => 1 + view.colour * (2 * colour.uniform() - 1)
  return {
    crop: view.crop > 0 ? drawCrop(view.crop, random.fork('crop')) : null,
    flip: view.flip && random.fork('flip').uniform() < 0.5,
    brightness: factor(),
    contrast: factor(),
    saturation: factor(),
  }
}

/** A part of random area, shape and place; the shape gives way where the part would not fit. */
function drawCrop(strength: number, random: Random): NonNullable<DrawnView['crop']> {
  const area = 1 - strength * random.uniform()
  const aspect = Math.exp((2 * random.uniform() - 1) * Math.log(ASPECT))
  const width = Math.min(1, Math.sqrt(area * aspect))
  const height = Math.min(1, area / width)
  return { width, height, left: random.uniform() * (1 - width), top: random.uniform() * (1 - height) }
}

/** What tells views apart, as text: part of the name under which outputs are kept. */
export const viewText = (view: View | undefined): string =>
  view === undefined ? 'plain' : JSON.stringify([view.seed, view.number, view.crop, view.flip, view.colour])
