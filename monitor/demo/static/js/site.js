document.querySelectorAll("img[data-original]").forEach(function (image) {
  image.src = image.getAttribute("data-original");
});
