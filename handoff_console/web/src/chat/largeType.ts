import { ref, watchEffect } from 'vue'
import { keep, openShelf, readKept } from '../input/kept'

const LARGE_KEY = 'jiesu.chat.large'
const shelf = openShelf()

/** 字大一点, remembered on this phone. */
export const large = ref(readKept<boolean>(shelf, LARGE_KEY) ?? false)

watchEffect(() => {
  document.documentElement.classList.toggle('large', large.value)
  keep(shelf, LARGE_KEY, large.value)
})
