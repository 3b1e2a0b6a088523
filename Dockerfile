# The service as an image of its own: `docker build -t afterword .`
# One image for every part: ROLE says which. It needs DATABASE_URL and SECRET_KEY, and writes nothing but to them.

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without the optional packages: the Node and the PostgreSQL for bare machines, which an image has no use for.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE NOTICE ./
COPY bin bin
COPY migrations migrations
COPY templates templates
COPY jobs jobs
COPY src src
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1 and hears SIGTERM: it lets mails under way end, and exits 0 within 30 s.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "bin/afterword.mjs"]
CMD ["start"]
