"""Place these in a graph: thin nodes over the libraries' models. Importing this package imports no tensor library."""

from engine.node import catalog
from nodes import guidance, image, latent, load, logic, sampling, text, vae, vqgan
from nodes.codecs import CODECS
from nodes.environment import prepare

CATALOG = catalog(
    [
        load.checkpoint,
        load.sampling_defaults,
        text.tokenize,
        text.encode,
        guidance.cfg,
        latent.empty_latent,
        latent.draw_latent,
        sampling.sample,
        vae.vae_encode,
        vae.vae_decode,
        vqgan.vqgan_encode,
        vqgan.vqgan_decode,
        vqgan.vqgan_lookup,
        image.load_image,
        image.resize_image,
        logic.text,
        logic.integer,
        logic.decimal,
        logic.join_text,
        logic.text_list,
        logic.collect,
        logic.seeds,
        logic.choose,
    ],
    values=CODECS,
    prepare=prepare,
)
