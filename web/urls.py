from django.urls import path

from web import views

app_name = "web"
urlpatterns = [path("components/", views.gallery, name="gallery")]
