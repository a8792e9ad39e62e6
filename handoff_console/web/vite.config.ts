import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'

const backend = { target: 'http://127.0.0.1:8000', changeOrigin: true }

// The resident page must stay small on a cheap phone: it is an entry of its own and never imports Element Plus.
export default defineConfig({
  plugins: [vue(), components({ dts: false, dirs: [], resolvers: [ElementPlusResolver()] })],
  build: {
    outDir: '../static',
    emptyOutDir: true,
    target: 'es2019',
    rollupOptions: {
      input: { console: 'index.html', chat: 'chat.html' },
      output: { manualChunks: (id) => (/node_modules\/@?vue\//.test(id) ? 'vue' : undefined) },
    },
  },
  server: { proxy: { '/api': backend } },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
})
