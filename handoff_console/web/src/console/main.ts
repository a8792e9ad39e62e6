import { createApp } from 'vue'
import 'element-plus/es/components/message/style/css'
import '../style/tokens.css'
import './console.css'
import App from './App.vue'

createApp(App).mount('#page')
